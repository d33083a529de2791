// What customers were told, one line an answer: the audit asks the journal whether all of it is still true after a crash.
#pragma once

#include <string>
#include <string_view>

namespace entrepot::bench {

/// NDJSON: {"key","external_number","id","status","http"}. A line has been handed to the kernel when `write` returns, so it outlives this process; it
/// is not synced, since it is the server, not the machine, that is killed.
class AnswerFile {
public:
  /// Appends to the file, which is made if there is none. Throws std::system_error.
  explicit AnswerFile(const std::string& path);
  ~AnswerFile();
  AnswerFile(const AnswerFile&) = delete;
  AnswerFile& operator=(const AnswerFile&) = delete;

  /// `status` and `id` as the body said; texts without quotes and control characters. Throws std::system_error.
  void write(std::string_view key, std::string_view external_number, std::string_view id, std::string_view status, int http);

private:
  int file_;
  std::string line_;
};

} // namespace entrepot::bench
