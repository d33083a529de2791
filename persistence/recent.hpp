// A map that remembers at least the last N keys used, and at most twice as many.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace entrepot::journal {

template <class Key, class Value>
class Recent {
public:
  explicit Recent(std::size_t keys) : keys_(keys) {}

  /// Returns the value, which counts as used; null if unknown. Valid until the next call.
  Value* find(const Key& key) {
    if (auto found = young_.find(key); found != young_.end())
      return &found->second;
    auto found = old_.find(key);
    if (found == old_.end())
      return nullptr;
    Value value = std::move(found->second);
    old_.erase(found);
    return &put(key, std::move(value));
  }

  Value& put(const Key& key, Value value) {
    old_.erase(key);
    if (young_.size() >= keys_) {
      old_ = std::move(young_);
      young_.clear();
      old_.erase(key);
    }
    return young_.insert_or_assign(key, std::move(value)).first->second;
  }

  void erase(const Key& key) {
    young_.erase(key);
    old_.erase(key);
  }

  bool empty() const { return young_.empty() && old_.empty(); }
  std::size_t size() const { return young_.size() + old_.size(); }

private:
  std::size_t keys_;
  std::unordered_map<Key, Value> young_, old_; // when the young are N, they become the old, and the old are forgotten
};

} // namespace entrepot::journal
