#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <iterator>
#include <net/token.hpp>
#include <sources/source.hpp>
#include <store/identities.hpp>
#include <store/landings.hpp>
#include <store/moves.hpp>
#include <store/source_state.hpp>

namespace resident {

namespace {

constexpr Timestamp kFurthestAhead = 3653 * kDay;  // that data may be of a clock: beyond, a moment is a slip

// Of the project, and of those whose items may have begun in it.
void look_for_moves(Database& database, std::int64_t project_id, bool changed, const Config* config) {
  const bool all = changed && points_elsewhere(database, project_id);
  for (const auto& [project, name] : projects_that_moves_reach(database, project_id, all)) {
    const std::vector<LinkRule> rules = config ? config->project(name).links : std::vector<LinkRule>();
    if (changed || (project == project_id && are_moves_stale(database, project, rules)))
      find_moves(database, project, rules);
  }
}

}  // namespace

std::string missing_numbers_text(const std::set<std::int64_t>& numbers) {
  if (numbers.empty()) return {};
  constexpr std::size_t kMost = 20;
  const std::set<std::int64_t> shown(
      numbers.begin(), std::next(numbers.begin(), static_cast<std::ptrdiff_t>(std::min(kMost, numbers.size()))));
  return fmt::format("the forge has nothing of the {} {}{}", numbers.size() == 1 ? "number" : "numbers",
                     fmt::join(shown, ", "),
                     numbers.size() > kMost ? fmt::format(" and {} more", numbers.size() - kMost) : "");
}

std::vector<std::int64_t> sources_that_read(Database& database, std::int64_t project_id, const std::string& kind) {
  std::vector<std::int64_t> result;
  const int turn = find_source_kind(kind).turn + 1;
  for (const StoredSource& source : stored_sources(database, project_id))
    if (source.state != "new" && find_source_kind(source.kind).turn == turn) result.push_back(source.source_id);
  return result;
}

SyncSummary sync_source(Database& database, std::int64_t project_id, std::int64_t source_id, const BotRules& bots,
                        Timestamp now, const SyncOptions& options) {
  SyncSummary summary;
  // A few items by number are no sync: neither the source's state nor what it says is missing is theirs to change.
  const bool is_whole = options.items.empty();
  const StoredSource stored = stored_source(database, project_id, source_id);
  const bool was_done = stored.state == "done";
  summary.kind = stored.kind;
  summary.location = stored.location;
  if (is_whole) set_source_state(database, project_id, source_id, "syncing", {}, std::nullopt);
  std::optional<Writer> writer;
  try {
    const auto source = find_source_kind(summary.kind).make(summary.location);
    source->configure(options);
    writer.emplace(database, project_id, source_id);
    writer->set_latest(now + kFurthestAhead);
    const std::string cursor = source->sync(writer->cursor(), *writer);
    writer->checkpoint(cursor);
    summary.changed = writer->changed();
    summary.quarantined = writer->quarantined();
    summary.coverage = source->coverage();
    summary.taken_over = writer->taken_over();
  } catch (const Error& reason) {
    // Which of several files it was is not to be guessed.
    const auto& kinds = source_kinds();
    const bool is_file = std::any_of(kinds.begin(), kinds.end(), [&](const SourceKind* each) {
      return each->name == summary.kind && each->is_path();
    });
    const bool names_it = !is_file || std::string_view(reason.what()).find(summary.location) != std::string_view::npos;
    const Error error =
        names_it ? reason : Error(reason.kind(), one_line(summary.location) + ": " + reason.what(), reason.hint());
    // What stands until the last checkpoint is to be used meanwhile.
    const bool changed = writer && writer->changed() > 0 && writer->touches_people();
    writer.reset();
    if (changed) resolve_identities(database, project_id, bots);
    if (is_whole)
      set_source_state(database, project_id, source_id, "failed", redact(clean_text(error.what(), 1000)), std::nullopt);
    if (names_it) throw;  // as what it is
    throw error;
  }
  const bool touches_people = writer->touches_people();
  writer.reset();
  // Also after a run that was killed between its last rows and this.
  if ((summary.changed > 0 && touches_people) || !was_done || are_people_due(database, project_id))
    resolve_identities(database, project_id, bots);
  if (summary.changed > 0 || !was_done) find_landings(database, project_id, options.items);
  if (summary.changed > 200) database.analyze();
  look_for_moves(database, project_id, summary.changed > 0 || !was_done, options.config);
  if (is_whole) {
    set_source_state(database, project_id, source_id, "done", summary.coverage, now);
  } else if (was_done && summary.changed > 0) {
    set_synced_at(database, project_id, source_id, now);
  }
  return summary;
}

}  // namespace resident
