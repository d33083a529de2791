// A small server that speaks POST /v1/imports alone, with scripted faults. It knows no business but which numbers it has seen.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace entrepot::imports {

class FakeImports {
public:
  /// What becomes of a request.
  enum class Fate { answered, busy_503, forbidden_403, cut_before, cut_within }; ///< cut: the connection closes, before anything was done or half-way through the answer
  struct Options {
    std::function<Fate(int request)> fate = {};                                 ///< by the request's number, from 0; none: all are answered
    std::function<nlohmann::json(const nlohmann::json& row)> answer = {};       ///< instead of `done`, without position; null: done after all
    unsigned short port = 0;                                                    ///< 0: a free one
    bool remembers = true;                                                      ///< keeps what it was sent; without it is fast
  };
  explicit FakeImports(Options options);
  FakeImports() : FakeImports(Options{}) {}
  ~FakeImports();

  std::string url() const;
  /// Ends the server; then the rest may be read.
  void stop();

  const std::vector<nlohmann::json>& requests_heads() const;          ///< method, target, key and type of each request
  const std::vector<std::vector<nlohmann::json>>& requests() const;   ///< the rows of each
  int done_once(const std::string& kind) const;                       ///< how many different orders, returns ... were done

private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

} // namespace entrepot::imports
