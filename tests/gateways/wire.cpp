#include "tests/gateways/wire.hpp"

#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace entrepot::test {

Wire::Wire(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  timeval patience{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
}

Wire::~Wire() { ::close(socket_); }

void Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return; // the server has closed: what it said is still to be read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Wire::end() { ::shutdown(socket_, SHUT_WR); }

bool Wire::read_some() {
  char bytes[4096];
  auto count = ::recv(socket_, bytes, sizeof bytes, 0);
  if (count <= 0)
    return false;
  read_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

std::string Wire::read_to_end() {
  while (read_some()) {
  }
  return read_;
}

std::string Wire::read_until(std::string_view text) {
  while (read_.find(text) == std::string::npos && read_some()) {
  }
  return read_;
}

std::string Wire::read_answers(std::size_t count) {
  std::size_t from = 0;
  for (std::size_t done = 0; done < count;) {
    auto end = read_.find("\r\n\r\n", from);
    auto field = read_.find("Content-Length: ", from);
    if (end != std::string::npos && field < end) {
      auto size = std::stoul(read_.substr(field + 16));
      if (read_.size() >= end + 4 + size) {
        from = end + 4 + size;
        ++done;
        continue;
      }
    }
    if (!read_some())
      break;
  }
  return read_;
}

} // namespace entrepot::test
