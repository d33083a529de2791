// A bare connection: sends whatever bytes the test likes, and reads what comes back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace entrepot::test {

class Wire {
public:
  /// Connects to this machine. Throws std::runtime_error.
  explicit Wire(std::uint16_t port);
  ~Wire();
  Wire(const Wire&) = delete;

  void send(std::string_view bytes);
  /// No more will be sent.
  void end();
  /// Reads until the server closes; at most 20 s.
  std::string read_to_end();
  /// Reads until `count` answers with their bodies are there, or the server closes.
  std::string read_answers(std::size_t count);
  /// Reads until `text` has come, or the server closes.
  std::string read_until(std::string_view text);

private:
  bool read_some();
  int socket_;
  std::string read_;
};

} // namespace entrepot::test
