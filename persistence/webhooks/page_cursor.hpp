// Where a page of deliveries ends: the time of its last event and its place, as text that callers hand back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/webhook/delivery.hpp"

namespace entrepot::webhook {

struct PageCursor {
  Timestamp at;
  Place place;
  auto operator<=>(const PageCursor&) const = default;
};

std::string to_text(const PageCursor& cursor);
/// Reads what to_text wrote; an empty text is before everything; nothing: it is no such text.
std::optional<PageCursor> page_cursor_from(std::string_view text);

} // namespace entrepot::webhook
