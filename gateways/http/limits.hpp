// Every limit of the outside door, by name. What a client can run into is listed in /openapi.json too.
#pragma once

#include <chrono>
#include <cstddef>

namespace entrepot::http::limits {

using namespace std::chrono_literals;

// What a request may carry.
inline constexpr std::size_t header_bytes = 16 * 1024;   ///< request line and headers together; more is 431
inline constexpr std::size_t body_bytes = 1024 * 1024;   ///< more is 413
inline constexpr std::size_t json_depth = 16;            ///< objects and arrays inside each other
inline constexpr std::size_t json_members = 256;         ///< in one object
inline constexpr std::size_t json_values = 100'000;      ///< in one body
inline constexpr std::size_t lines = 2'000;              ///< of an order or a movement
inline constexpr long long unit_price = 100'000'000'000; ///< minor units; prices lie below
inline constexpr std::size_t import_rows = 1'000;             ///< of one request
inline constexpr std::size_t key_bytes = 255;            ///< of an Idempotency-Key
inline constexpr int page_items = 200;                   ///< of a list
inline constexpr int page_items_default = 50;
inline constexpr std::size_t stock_rows = 1'000; ///< SKUs asked for in one question

// How long things may take.
inline constexpr std::chrono::seconds wait = 30s; ///< the longest `Prefer: wait`
inline constexpr std::chrono::seconds counter_wait = 20s; ///< for the customer's money, while somebody stands at the counter
inline constexpr std::chrono::milliseconds header_time =
    10s;                                                    ///< from the first byte to the end of the headers; also for a new connection's first byte
inline constexpr std::chrono::milliseconds body_time = 20s; ///< from the headers to the end of the body
inline constexpr std::chrono::milliseconds idle_time = 75s; ///< between two requests of a connection
inline constexpr std::chrono::milliseconds import_time = 25s; ///< for the rows of an import; what is not done by then may be sent again
inline constexpr std::chrono::milliseconds answer_time = 10s; ///< for whoever has to answer; then 503 `timed-out`
inline constexpr std::chrono::milliseconds write_time = 20s;  ///< for the client to take the answer
inline constexpr std::chrono::milliseconds linger_time = 1s;  ///< to let a refused client read why before the connection goes
inline constexpr std::chrono::milliseconds heartbeat_time = 15s; ///< a stream that has been silent so long says that it is still there
inline constexpr std::chrono::milliseconds tick = 50ms;       ///< how often deadlines are looked at: they are this late at most
inline constexpr std::chrono::milliseconds clock_skew = 5min; ///< how far ahead of ours a client's `occurred_at` may be
inline constexpr std::chrono::seconds webhook_window = 5min; ///< between the signing of a partner's message and now, either way: an old one is not played again

// How much at once.
inline constexpr std::size_t connections = 10'000;        ///< further ones are told 503 and closed
inline constexpr std::size_t requests_in_flight = 20'000; ///< in the whole server; more is 503
inline constexpr std::size_t requests_per_client = 2'000; ///< of one API key; more is 429
inline constexpr std::size_t streams_per_client = 2'000;  ///< open at once with one API key; more is 429
inline constexpr std::size_t stream_queue_bytes = 256 * 1024; ///< that a stream's client has not taken yet; who is slower is cut, and may resume
inline constexpr std::size_t stream_backlog = 400;        ///< changes told one by one to who resumes; who missed more reads the list again
inline constexpr int retry_after_seconds = 1;             ///< what refused clients are told to wait

} // namespace entrepot::http::limits
