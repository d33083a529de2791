// A PostgreSQL of a test's own, which it may kill and start again.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace entrepot::test {

class PrivateCluster {
public:
  /// Makes and starts a cluster in a temporary folder; when run as root, as the user "postgres", since PostgreSQL refuses root.
  PrivateCluster() : data_(folder_.path() / "data") {
    if (::geteuid() == 0)
      run("chown postgres " + folder_.path().string());
    postgres("initdb -D " + data_.string() + " -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync");
    std::ofstream(data_ / "postgresql.conf", std::ios::app) << "listen_addresses = ''\nunix_socket_directories = '" << folder_.path().string()
                                                            << "'\nshared_buffers = 32MB\nmax_connections = 50\n";
    start();
  }
  ~PrivateCluster() {
    try {
      stop("immediate");
    } catch (const std::exception&) { // it is down already
    }
  }
  PrivateCluster(const PrivateCluster&) = delete;
  PrivateCluster& operator=(const PrivateCluster&) = delete;

  std::string conninfo() const { return "host=" + folder_.path().string() + " user=postgres dbname=postgres"; }

  void start() { postgres("pg_ctl -D " + data_.string() + " -l " + (folder_.path() / "log").string() + " -w start"); }
  /// "immediate" is a crash: nothing is flushed, every session is cut off.
  void stop(const std::string& mode) { postgres("pg_ctl -D " + data_.string() + " -m " + mode + " -w stop"); }
  /// Signals the postmaster and all its children: "STOP" freezes them, "CONT" lets them go on.
  void signal(const std::string& name) {
    std::string pid;
    std::ifstream(data_ / "postmaster.pid") >> pid;
    // Which children there are is asked first, and one that has ended meanwhile is no fault.
    run("children=$(ps -o pid= --ppid " + pid + "); kill -" + name + " " + pid + " && { kill -" + name + " $children || true; }");
  }

private:
  static std::string programs() {
    for (const char* version : {"17", "16", "15"})
      if (const auto folder = std::string("/usr/lib/postgresql/") + version + "/bin"; std::filesystem::exists(folder + "/initdb"))
        return folder + "/";
    return "";
  }
  void postgres(const std::string& command) {
    run((::geteuid() == 0 ? "cd " + folder_.path().string() + " && runuser -u postgres -- " : std::string()) + programs() + command);
  }
  static void run(const std::string& command) {
    const int status = std::system(("( " + command + " ) >/dev/null 2>&1").c_str());
    if (status != 0)
      throw std::runtime_error("failed (" + std::to_string(WEXITSTATUS(status)) + "): " + command);
  }

  TemporaryFolder folder_;
  std::filesystem::path data_;
};

} // namespace entrepot::test
