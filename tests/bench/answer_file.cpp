#include "tests/bench/answer_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace entrepot::bench {

AnswerFile::AnswerFile(const std::string& path) : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (file_ < 0)
    throw std::system_error(errno, std::generic_category(), "cannot write answers to " + path);
}

AnswerFile::~AnswerFile() { ::close(file_); }

void AnswerFile::write(std::string_view key, std::string_view external_number, std::string_view id, std::string_view status, int http) {
  line_.clear();
  line_.append("{\"key\":\"").append(key).append("\",\"external_number\":\"").append(external_number).append("\",\"id\":\"").append(id);
  line_.append("\",\"status\":\"").append(status).append("\",\"http\":").append(std::to_string(http)).append("}\n");
  for (std::string_view rest = line_; !rest.empty();) {
    auto written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "cannot write an answer");
    if (written > 0)
      rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

} // namespace entrepot::bench
