// The books of a partner that the sandbox plays, as a file of lines: NDJSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace entrepot::partners {

/// Every line is in the file, by write(2), before append() returns, so it survives the death of the process at any moment. It is not synced to the disk:
/// the power failure of a whole machine is not what is played. Not thread-safe.
class LedgerFile {
public:
  /// Hands every line to `read`, without its end; or begins the file. A last line without its end was never answered and is cut off. Throws
  /// std::runtime_error if the file cannot be used, is another process's at present, or `read` throws: it is damaged.
  LedgerFile(const std::filesystem::path& file, const std::function<void(const std::string& line)>& read);
  ~LedgerFile();
  LedgerFile(const LedgerFile&) = delete;
  LedgerFile& operator=(const LedgerFile&) = delete;

  /// Appends a line with its end. Throws std::system_error if it cannot be written; then nothing of it is there.
  void append(const std::string& line);

private:
  void load(const std::function<void(const std::string& line)>& read);

  int file_ = -1;
  std::int64_t size_ = 0; ///< bytes of whole lines
};

} // namespace entrepot::partners
