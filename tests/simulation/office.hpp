// The people in the office: operators who let parked orders go on, and the one who writes to the customers.
#pragma once

#include <set>

#include "persistence/consequences/notice_writer.hpp"
#include "tests/simulation/world.hpp"

namespace entrepot::simulation {

class Office {
public:
  explicit Office(World& world);

  int parked() const { return parked_; } ///< in all
  std::size_t notices() const { return sent_.size(); }

private:
  void note(const journal::Record& record, const AnyEvent& event);
  void look_at(StreamId process);
  void write();
  void begin_writing();

  World& world_;
  int parked_ = 0;
  int life_ = 0;
  consequences::Positions told_{}; ///< the checkpoint
  std::unique_ptr<consequences::Feed> feed_;
  std::unique_ptr<consequences::NoticeWriter> writer_;
  std::map<std::pair<StreamId, std::int64_t>, std::string> sent_; ///< by family and position
  std::map<StreamId, std::int64_t> last_;
};

} // namespace entrepot::simulation
