// How fulfilments and pickups look in JSON: on boards, in streams and one by one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateways/ports.hpp"

namespace entrepot::api {

/// Says what a SKU is called.
using NameOf = std::function<std::string(const Sku&)>;

/// What an item is outside: "ful_..." or "pck_...".
std::string id_of(const gateway::WorkItem& item);
/// Returns the stream that "ful_..." or "pck_..." names; nothing if it is none.
std::optional<StreamId> fulfilment_from(std::string_view id);
std::optional<StreamId> pickup_from(std::string_view id);
/// What a transfer is outside: "trf_...", and back.
std::string transfer_id(StreamId stream);
std::optional<StreamId> transfer_from(std::string_view id);

/// Appends an item as boards show it; `number`: what it is as of, named so; nothing: within an order, which has a version of its own.
struct AsOf { std::string_view name; std::int64_t number = 0; };
void append_work_item(std::string& out, const gateway::WorkItem& item, const NameOf& name_of, std::optional<AsOf> as_of = {});

/// Returns a member of an order's family as an item; nothing if there is none such.
std::optional<gateway::WorkItem> item_in(const Family& family, StreamId member);
/// Returns what the order calls its goods.
NameOf names_in(const Family& family);
/// Returns what the catalogue calls them.
NameOf names_in(std::shared_ptr<const order::Definitions> definitions);

} // namespace entrepot::api
