#include "gateways/partners/sandbox/ledger_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include "domain/check.hpp"

namespace entrepot::partners {

LedgerFile::LedgerFile(const std::filesystem::path& file, const std::function<void(const std::string& line)>& read) {
  file_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0)
    throw std::runtime_error("the ledger " + file.string() + " cannot be opened: " + std::generic_category().message(errno));
  try {
    if (flock(file_, LOCK_EX | LOCK_NB) != 0)
      throw std::runtime_error("another process has it");
    load(read);
  } catch (const std::exception& why) {
    ::close(file_);
    throw std::runtime_error("the ledger " + file.string() + " cannot be used: " + why.what());
  }
}

LedgerFile::~LedgerFile() { ::close(file_); }

void LedgerFile::load(const std::function<void(const std::string& line)>& read) {
  std::string rest;
  char bytes[64 * 1024];
  for (;;) {
    auto count = ::read(file_, bytes, sizeof bytes);
    if (count < 0)
      throw std::system_error(errno, std::generic_category());
    if (count == 0)
      break;
    rest.append(bytes, static_cast<std::size_t>(count));
    std::size_t from = 0;
    for (auto end = rest.find('\n'); end != std::string::npos; from = end + 1, end = rest.find('\n', from))
      read(rest.substr(from, end - from));
    rest.erase(0, from);
    size_ += static_cast<std::int64_t>(from);
  }
  if (ftruncate(file_, size_) != 0 || lseek(file_, size_, SEEK_SET) < 0)
    throw std::system_error(errno, std::generic_category());
}

void LedgerFile::append(const std::string& line) {
  for (std::size_t done = 0; done < line.size();) {
    auto count = ::write(file_, line.data() + done, line.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      std::system_error why(errno, std::generic_category(), "the ledger cannot be written");
      // Half a line must not stand before the next one.
      if (ftruncate(file_, size_) != 0 || lseek(file_, size_, SEEK_SET) < 0)
        check(false, "a ledger that cannot be written can be cut off");
      throw why;
    }
    done += static_cast<std::size_t>(count);
  }
  size_ += static_cast<std::int64_t>(line.size());
}

} // namespace entrepot::partners
