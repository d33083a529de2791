#include "tests/bench/cpu.hpp"

#include <charconv>
#include <dirent.h>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/bench/place.hpp"

namespace entrepot::bench {
namespace {

std::optional<int> number_in(const std::string& text) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number <= 0)
    return {};
  return number;
}

std::optional<Ticks> process_in(const std::string& pid_file) {
  auto pid = number_in(first_line(pid_file));
  return pid ? ticks_of(*pid) : std::nullopt;
}

/// Adds the children of `pid` that live.
void add_children(Ticks& sum) {
  DIR* proc = opendir("/proc");
  if (!proc)
    return;
  while (const dirent* entry = readdir(proc)) {
    if (!number_in(entry->d_name))
      continue;
    int parent = 0;
    auto ticks = parse_stat(first_line("/proc/" + std::string(entry->d_name) + "/stat"), &parent);
    if (ticks && parent == sum.pid)
      sum.own += ticks->own + ticks->waited;
  }
  closedir(proc);
}

std::optional<double> between(const std::optional<Ticks>& before, const std::optional<Ticks>& after) {
  if (!before || !after || before->pid != after->pid)
    return {};
  static const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  return static_cast<double>(after->own + after->waited - before->own - before->waited) * 1000 / ticks_per_second;
}

} // namespace

std::optional<Ticks> parse_stat(const std::string& line, int* parent) {
  std::size_t open = line.find('('), close = line.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open)
    return {};
  auto pid = number_in(line.substr(0, line.find(' ')));
  if (!pid)
    return {};
  std::istringstream rest(line.substr(close + 1));
  std::string state, skipped;
  int parent_pid = 0;
  rest >> state >> parent_pid;
  for (int i = 0; i < 9; ++i) // pgrp to cmajflt
    rest >> skipped;
  long long user = 0, system = 0, children_user = 0, children_system = 0;
  if (!(rest >> user >> system >> children_user >> children_system))
    return {};
  if (parent)
    *parent = parent_pid;
  return Ticks{*pid, user + system, children_user + children_system};
}

std::optional<Ticks> ticks_of(int pid) { return parse_stat(first_line("/proc/" + std::to_string(pid) + "/stat")); }

std::optional<double> CpuMs::sum() const {
  if (!server || !postgres)
    return {};
  return *server + *postgres + sandbox.value_or(0);
}

CpuMeter::Reading CpuMeter::read() const {
  if (data_.empty())
    return {};
  Reading reading{process_in(data_ + "/server.pid"), process_in(data_ + "/sandbox.pid"), process_in(data_ + "/postgres/postmaster.pid")};
  if (reading.postgres)
    add_children(*reading.postgres);
  return reading;
}

CpuMs CpuMeter::spent() const {
  return {between(before_.server, after_.server), between(before_.sandbox, after_.sandbox), between(before_.postgres, after_.postgres)};
}

double own_cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto ms = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_usec) / 1000; };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

} // namespace entrepot::bench
