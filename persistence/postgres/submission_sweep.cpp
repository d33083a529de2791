#include "persistence/postgres/submission_sweep.hpp"

namespace entrepot::journal::postgres {
namespace {

// By pages of the primary key and without an index on the time: that one would cost every order, this costs an hourly walk.
constexpr const char* sweep_sql = R"(
with page as materialized (
  select pair, for_ever, at from submission where shard = $1 and pair > $2 order by shard, pair limit $4
), gone as (
  delete from submission s using page p
  where s.shard = $1 and s.pair = p.pair and not p.for_ever and p.at < timestamptz '2000-01-01 00:00:00+00' + $3 * interval '1 microsecond'
  returning 1
)
select (select count(*) from page), (select count(*) from gone), (select pair from page order by pair desc limit 1))";

constexpr std::chrono::seconds sweep_patience{10};

} // namespace

SweptPage SubmissionSweep::sweep(int shard, Timestamp before, const Digest& after, std::size_t most) {
  std::lock_guard lock(mutex_);
  try {
    if (!connection_)
      connection_ = std::make_unique<Connection>(
          ConnectionOptions{.conninfo = conninfo_,
                            .application_name = "entrepot sweep",
                            .settings = pinned_plans + std::string("set synchronous_commit = off; set statement_timeout = '5s'"), // lost in a crash: done again
                            .patience = sweep_patience});
    const auto rows =
        connection_->run(sweep_sql, Parameters().add(static_cast<std::int16_t>(shard)).add(after).add(to_postgres(before)).add(static_cast<std::int64_t>(most)));
    SweptPage page{static_cast<std::size_t>(rows.int64(0, 0)), static_cast<std::size_t>(rows.int64(0, 1)), {}};
    if (page.looked_at == most)
      page.last = rows.uuid(0, 2);
    return page;
  } catch (const ConnectionLost& lost) {
    connection_.reset();
    throw Unavailable(lost.what());
  } catch (const StatementFailed& failure) {
    connection_.reset();
    throw Unavailable(failure.what());
  }
}

} // namespace entrepot::journal::postgres
