// Text from a file or standard input, unpacked on the way: plain, gzip or xz, by what it begins with and not by its name.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace entrepot::imports {

/// A file that cannot be read, with a sentence that names it.
struct SourceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class TextSource {
public:
  /// Opens a file; "-" is standard input. Throws SourceError.
  explicit TextSource(const std::string& path);
  ~TextSource();
  TextSource(TextSource&&) noexcept;

  /// Fills `into` with what comes next; returns how many bytes, 0 at the end. Throws SourceError, also if what is packed breaks off.
  std::size_t read(std::span<char> into);

private:
  struct Archive;
  std::string name_;
  std::unique_ptr<Archive> archive_;
};

} // namespace entrepot::imports
