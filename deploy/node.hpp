// One node put together: journal, read models, actors, HTTP, in the order in which they need each other, and taken apart in the reverse.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace entrepot {

struct NodeOptions {
  std::string database;                ///< libpq connection string
  std::string name = "node-1";         ///< of this node in the cluster
  std::filesystem::path state_folder;  ///< of this node alone
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string shop_key;                ///< that the page /shop gives to everybody: a gateway key of its channel alone; empty: the page asks for one
  std::string payment_url;             ///< of the payment provider; empty: cards stay without answer
  std::string notification_url;        ///< of the notification provider; empty: customers are told nothing, and are told it late once there is one
  std::string carrier_url;             ///< of the carrier; empty: no labels are asked for
  std::string carrier_secret;          ///< "whsec_...", that the carrier signs its messages with; empty: none are taken
  std::string payment_secret;          ///< the same of the payment provider
  int lanes = 2;
  int readers = 1;
  int http_threads = 1;
  int workers = 2;
  std::function<void(const std::string& reason)> on_fenced; ///< this node has lost its right to write: the process must exit
};

class Node {
public:
  /// Starts everything; returns once requests are answered. Throws with a sentence if something is missing.
  explicit Node(NodeOptions options);
  /// Lets requests under way be answered, stores what is queued, stops.
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  std::uint16_t port() const;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace entrepot
