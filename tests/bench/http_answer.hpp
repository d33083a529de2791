// As much of HTTP/1.1 as the load client needs to read.
#pragma once

#include <cstddef>
#include <string_view>

namespace entrepot::bench {

struct AnswerHead {
  enum class Kind { incomplete, complete, not_understood } kind = Kind::incomplete;
  std::size_t head_bytes = 0, body_bytes = 0;
  int http = 0;
  bool closes = false; ///< the server will close the connection behind this answer
};

/// Reads the head at the start of `bytes`. Not understood: no HTTP/1.x, or a body without Content-Length.
AnswerHead read_head(std::string_view bytes);

} // namespace entrepot::bench
