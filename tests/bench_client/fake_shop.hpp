// A small server that speaks as much of the API as the load client uses, with scripted faults. It knows no business but stock and keys.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace entrepot::bench {

class FakeShop {
public:
  /// What becomes of an order request.
  enum class Fate { answered, busy_503, cut_before, cut_after }; ///< cut: the connection closes without an answer, before or after the order was made
  struct Asked {
    int nth = 0;        ///< order request, from 0
    int connection = 0; ///< from 0
    std::string key, body;
  };
  struct Options {
    std::function<Fate(const Asked&)> fate = {}; ///< called on the server's thread; none: all are answered
    bool closes_each = false;                    ///< `Connection: close` with every answer
    bool blind = false;                          ///< one fixed answer to every order, unread: as fast as it can be
    unsigned short port = 0;                     ///< 0: a free one
  };
  explicit FakeShop(Options options);
  FakeShop() : FakeShop(Options{}) {}
  ~FakeShop();

  std::string url() const;
  unsigned short port() const;

  /// Ends the server; then the rest may be read.
  void stop();
  const std::vector<Asked>& orders_asked() const;
  int orders_made() const;
  int products() const;
  std::vector<std::string> channel_definitions() const;

private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

} // namespace entrepot::bench
