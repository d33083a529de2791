#include "gateways/imports/text_source.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

namespace entrepot::imports {

namespace {
constexpr std::size_t block_bytes = 64 * 1024; // read at once
}

struct TextSource::Archive {
  archive* reader = archive_read_new();
  bool ended = false;
  Archive() = default;
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() { archive_read_free(reader); }

  std::string why() const {
    const auto* text = archive_error_string(reader);
    return text != nullptr ? text : "it cannot be read";
  }
};

TextSource::TextSource(const std::string& path) : name_(path == "-" ? "standard input" : path), archive_(std::make_unique<Archive>()) {
  auto* reader = archive_->reader;
  archive_read_support_filter_all(reader);
  archive_read_support_format_raw(reader);
  archive_read_support_format_empty(reader);
  auto opened = path == "-" ? archive_read_open_fd(reader, STDIN_FILENO, block_bytes) : archive_read_open_filename(reader, path.c_str(), block_bytes);
  if (opened != ARCHIVE_OK)
    throw SourceError(name_ + ": " + archive_->why());
  archive_entry* entry = nullptr;
  auto found = archive_read_next_header(reader, &entry);
  if (found == ARCHIVE_EOF)
    archive_->ended = true;
  else if (found < ARCHIVE_WARN)
    throw SourceError(name_ + ": " + archive_->why());
}

TextSource::~TextSource() = default;
TextSource::TextSource(TextSource&&) noexcept = default;

std::size_t TextSource::read(std::span<char> into) {
  if (archive_->ended)
    return 0;
  auto got = archive_read_data(archive_->reader, into.data(), into.size());
  if (got < 0)
    throw SourceError(name_ + ": " + archive_->why());
  archive_->ended = got == 0;
  return static_cast<std::size_t>(got);
}

} // namespace entrepot::imports
