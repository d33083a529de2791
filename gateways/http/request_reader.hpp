// Bytes into a request, by HTTP/1.1's grammar. Beast's parser is behind this header.
#pragma once

#include <memory>
#include <string_view>

#include "gateways/http/request.hpp"
#include "gateways/http/response.hpp"

namespace entrepot::http {

/// Reads one request after the other, as their bytes come.
class RequestReader {
public:
  enum class State { reading_head, reading_body, complete, refused };

  /// Reads into `into`, which outlives it.
  explicit RequestReader(Request& into);
  ~RequestReader();

  /// Begins the next request; forgets the one before.
  void begin();
  /// Takes what it can of `bytes`, at most to the end of this request. Returns how much it took; what it left is to be given again with more behind
  /// it.
  std::size_t take(std::string_view bytes);

  State state() const { return state_; }
  /// Whether the client waits to be told that it may send the body (Expect: 100-continue).
  bool awaits_go_ahead() const;
  /// Whether the connection goes on after this request. @pre complete
  bool keep_alive() const;
  /// Whether the client reads an answer in chunks: not with HTTP/1.0. @pre complete
  bool knows_chunks() const;
  /// What to tell a client whose bytes are no request of ours: 400 `http-malformed`, `host-invalid`, 413 `body-too-large`, 431 `headers-too-large`.
  /// @pre refused
  Response refusal() const;

private:
  class Parser;
  bool check_head();
  void refuse(Response why);
  Request& into_;
  std::unique_ptr<Parser> parser_;
  State state_ = State::reading_head;
  Response refusal_;
};

} // namespace entrepot::http
