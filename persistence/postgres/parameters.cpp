#include "persistence/postgres/parameters.hpp"

#include <chrono>
#include <cstring>

#include "domain/check.hpp"

namespace entrepot::journal::postgres {
namespace {

constexpr auto postgres_epoch = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
constexpr std::size_t array_header = 20;

void write32(char* to, std::uint32_t value) {
  for (int byte = 0; byte < 4; ++byte)
    to[byte] = static_cast<char>(value >> (24 - 8 * byte));
}

template <class Integer>
void put(std::string& bytes, Integer value) {
  auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  char big_endian[sizeof(Integer)];
  for (std::size_t byte = 0; byte < sizeof(Integer); ++byte)
    big_endian[byte] = static_cast<char>(bits >> (8 * (sizeof(Integer) - 1 - byte)));
  bytes.append(big_endian, sizeof big_endian);
}

} // namespace

unsigned oid::array_of(unsigned element) {
  switch (element) {
  case boolean: return 1000;
  case bytea: return 1001;
  case int2: return 1005;
  case int4: return 1007;
  case text: return 1009;
  case int8: return 1016;
  case json: return 199;
  case timestamptz: return 1185;
  case uuid: return 2951;
  }
  throw BrokenInvariant("arrays are made of known types");
}

Uuid to_uuid(CommandId command) {
  Uuid uuid;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    uuid[byte] = static_cast<std::uint8_t>(command.high >> (56 - 8 * byte));
    uuid[8 + byte] = static_cast<std::uint8_t>(command.low >> (56 - 8 * byte));
  }
  return uuid;
}

CommandId to_command(const Uuid& uuid) {
  CommandId command;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    command.high = command.high << 8 | uuid[byte];
    command.low = command.low << 8 | uuid[8 + byte];
  }
  return command;
}

std::string to_text(const Uuid& uuid) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t byte = 0; byte < uuid.size(); ++byte) {
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10)
      text += '-';
    text += digits[uuid[byte] >> 4];
    text += digits[uuid[byte] & 15];
  }
  return text;
}

std::int64_t to_postgres(Timestamp at) { return std::chrono::duration_cast<std::chrono::microseconds>(at - Timestamp{postgres_epoch}).count(); }

Timestamp from_postgres(std::int64_t microseconds) {
  return Timestamp{postgres_epoch} + std::chrono::floor<Duration>(std::chrono::microseconds{microseconds});
}

void put16(std::string& bytes, std::int16_t value) { put(bytes, value); }
void put32(std::string& bytes, std::int32_t value) { put(bytes, value); }
void put64(std::string& bytes, std::int64_t value) { put(bytes, value); }

Array::Array(unsigned element) : element_(element), bytes_(array_header, '\0') {}

void Array::clear() {
  count_ = 0;
  has_null_ = false;
  bytes_.resize(array_header);
}

void Array::add(bool value) {
  put32(bytes_, 1);
  bytes_ += static_cast<char>(value);
  ++count_;
}

void Array::add(std::int16_t value) {
  put32(bytes_, 2);
  put16(bytes_, value);
  ++count_;
}

void Array::add(std::int32_t value) {
  put32(bytes_, 4);
  put32(bytes_, value);
  ++count_;
}

void Array::add(std::int64_t value) {
  put32(bytes_, 8);
  put64(bytes_, value);
  ++count_;
}

void Array::add_bytes(std::string_view value) {
  put32(bytes_, static_cast<std::int32_t>(value.size()));
  bytes_ += value;
  ++count_;
}

void Array::add_null() {
  put32(bytes_, -1);
  has_null_ = true;
  ++count_;
}

std::string_view Array::bytes() {
  write32(&bytes_[0], count_ ? 1 : 0); // dimensions
  write32(&bytes_[4], has_null_);
  write32(&bytes_[8], element_);
  write32(&bytes_[12], static_cast<std::uint32_t>(count_));
  write32(&bytes_[16], 1); // lower bound
  return count_ ? std::string_view(bytes_) : std::string_view(bytes_).substr(0, 12);
}

Parameters& Parameters::add(bool value) {
  values_.push_back({oid::boolean, std::string(1, static_cast<char>(value)), {}});
  return *this;
}

Parameters& Parameters::add(std::int16_t value) {
  put16(values_.emplace_back(Value{oid::int2, {}, {}}).own, value);
  return *this;
}

Parameters& Parameters::add(std::int32_t value) {
  put32(values_.emplace_back(Value{oid::int4, {}, {}}).own, value);
  return *this;
}

Parameters& Parameters::add(std::int64_t value) {
  put64(values_.emplace_back(Value{oid::int8, {}, {}}).own, value);
  return *this;
}

Parameters& Parameters::add(const Uuid& value) {
  values_.push_back({oid::uuid, std::string(reinterpret_cast<const char*>(value.data()), value.size()), {}});
  return *this;
}

Parameters& Parameters::add(std::string_view text) {
  values_.push_back({oid::text, std::string(text), {}});
  return *this;
}

Parameters& Parameters::add(Array& array) {
  values_.push_back({oid::array_of(array.element()), {}, array.bytes()});
  return *this;
}

} // namespace entrepot::journal::postgres
