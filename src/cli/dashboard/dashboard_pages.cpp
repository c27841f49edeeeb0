#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <analyses/search/index.hpp>
#include <base/compression.hpp>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <base/shell.hpp>
#include <base/text.hpp>
#include <cli/dashboard/dashboard_pages.hpp>
#include <cli/merge_answer.hpp>
#include <cli/pages.hpp>
#include <framework/learnt.hpp>
#include <server/page_request.hpp>

namespace resident {

namespace {

// Changes with each commit of any connection but this one. On PostgreSQL of the whole server: which transactions are
// over, of those that write.
std::string write_version(Database& database) {
  if (database.engine() == "sqlite") return std::to_string(database.integer("PRAGMA data_version").value_or(0));
  return database.text("SELECT CAST(txid_current_snapshot() AS TEXT)").value_or("");
}

std::string source_version(Database& database) {
  return database
      .text(
          "SELECT CAST(sum(COALESCE(synced_at, 0)) AS TEXT) || '/' || CAST(count(*) AS TEXT) || '/' || (SELECT "
          "CAST(COALESCE(sum(link_id), 0) AS TEXT) FROM identity_link WHERE made_by <> 'rule') || '/' || (SELECT "
          "CAST(COALESCE(sum(revision), 0) AS TEXT) FROM people_state) || '/' || (SELECT CAST(count(*) AS TEXT) FROM "
          "pair_answer) FROM source")
      .value_or("");
}

std::string mark_version(Database& database) {
  return database
      .text(
          "SELECT CAST(count(*) AS TEXT) || '/' || CAST(COALESCE(sum(made_at + until), 0) AS TEXT) FROM triage_mark "
          "WHERE kind = 'snooze'")
      .value_or("");
}

// Today without what the person put off, which is counted.
void leave_out_snoozed(const Context& context, Timestamp now, const PageRequest& request, Page& page) {
  const OwnNotes own(context, now, request.as_of.has_value(), request.user);
  for (Result& result : page.results) {
    if (result.name != "today") continue;
    const std::size_t item = result.column("item");
    const std::size_t before = result.rows.size();
    std::erase_if(result.rows, [&](const auto& row) {
      const auto* id = std::get_if<std::int64_t>(&row.at(item));
      return id && own.is_snoozed(*id);
    });
    if (const std::size_t snoozed = before - result.rows.size(); snoozed > 0)
      page.intro += fmt::format(" {} put off.", plural(static_cast<long long>(snoozed), "thing is", "things are"));
  }
}

const std::string kPageForm = "1";  // of the bytes of a page that is kept for the next server

std::string name_of_page(const PageRequest& request) {
  return fmt::format("page {}{}{}", request.slug, request.user.empty() ? "" : " ", request.user);
}

}  // namespace

bool ReadConnections::is_alive(Database& database) noexcept {
  try {
    return database.integer("SELECT 1") == 1;
  } catch (const std::exception&) {
    return false;
  }
}

std::unique_ptr<Database> ReadConnections::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto database = std::move(idle_.back());
      idle_.pop_back();
      return database;
    }
  }
  return invocation_.open(Access::read);
}

void ReadConnections::give_back(std::unique_ptr<Database> database) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(database));
}

void ReadConnections::close_idle() {
  std::vector<std::unique_ptr<Database>> closed;  // outside the lock
  const std::lock_guard lock(mutex_);
  closed.swap(idle_);
}

DashboardPages::DashboardPages(const Invocation& invocation, std::chrono::milliseconds patience)
    : invocation_(invocation), config_(invocation.load_config()), connections_(invocation), desks_(patience) {
  versions();
}

// Asked for each request, so that it must cost little: nothing but one look where nothing was written.
DashboardPages::Versions DashboardPages::versions() {
  const std::lock_guard lock(versions_mutex_);
  for (bool is_first = true;; is_first = false) {
    try {
      if (!watching_) {
        watching_ = invocation_.open(Access::read);
        versions_ = {};
        ++watchers_;
      }
      // What SQLite counts begins anew with each connection.
      const std::string any = fmt::format("{}.{}", watchers_, write_version(*watching_));
      if (any != versions_.any || versions_.projects.empty())
        versions_ = {any, source_version(*watching_), mark_version(*watching_), project_names(*watching_)};
      return versions_;
    } catch (const std::exception&) {
      if (watching_ && ReadConnections::is_alive(*watching_)) throw;
      watching_.reset();
      if (!is_first) throw;
    }
  }
}

std::optional<RememberedPage> DashboardPages::recall(const PageRequest& request) {
  return connections_.with([&](Database& database) -> std::optional<RememberedPage> {
    const auto bytes =
        read_learnt(open_context(database, config_, request.project, std::nullopt, invocation_.clock.now()),
                    name_of_page(request), kPageForm);
    if (!bytes) return std::nullopt;
    const std::string packed = decompress(*bytes);
    Unpacker unpacker(packed);
    RememberedPage page;
    page.made_at = unpacker.signed_whole();
    page.milliseconds = unpacker.signed_whole();
    page.token = unpacker.text();
    page.document = unpacker.text();
    unpacker.finish();
    return page;
  });
}

void DashboardPages::remember(const PageRequest& request, const RememberedPage& page) {
  Packer packer;
  packer.signed_whole(page.made_at);
  packer.signed_whole(page.milliseconds);
  packer.text(page.token);
  packer.text(page.document);
  const std::string bytes = compress(packer.take());
  connections_.with([&](Database& database) {
    keep_learnt(open_context(database, config_, request.project, std::nullopt, invocation_.clock.now()),
                name_of_page(request), kPageForm, page.made_at, bytes);
    return true;
  });
}

std::vector<std::string> DashboardPages::projects() {
  return versions().projects;
}

void DashboardPages::check() {
  const std::lock_guard lock(versions_mutex_);
  if (watching_ && ReadConnections::is_alive(*watching_)) return;
  watching_.reset();
  watching_ = invocation_.open(Access::read);
  versions_ = {};
  ++watchers_;
}

std::string DashboardPages::state() {
  return fingerprint(versions().sources).substr(0, 16);
}

// Pages that only show are kept for an hour while the sources stay as they are; those that one works on for a minute
// while nothing is written.
std::string DashboardPages::version(const PageRequest& request) {
  const Versions now = versions();
  const Timestamp time = invocation_.clock.now();
  if (server::is_worked_on(request.slug))
    return fmt::format("{} {} {}", now.any, time / kMinute, desks_.work().made.load());
  // What was put off stands in no list of the day.
  if (request.slug == "today") return fmt::format("{} {} {}", now.sources, now.marks, time / kHour);
  return fmt::format("{} {}", now.sources, time / kHour);
}

std::vector<Page> DashboardPages::pages(const PageRequest& request) {
  if (request.slug == "search") return {search(request)};
  if (server::is_worked_on(request.slug)) {
    auto page = work_page(request);
    return page ? std::vector<Page>{std::move(*page)} : std::vector<Page>{};
  }
  if (request.slug == "fleet") return {fleet_page(request)};
  return connections_.with([&](Database& database) {
    Context context = open_context(database, config_, request.project, request.as_of, invocation_.clock.now());
    std::vector<Page> made = make_pages(context, request.slug, {request.of, request.arguments});
    if (request.slug == "today") leave_out_snoozed(context, invocation_.clock.now(), request, made.front());
    if (request.slug == "people")
      made.front().links.emplace_back("/people/pairs?project=" + escape_url(request.project),
                                      "Likely pairs: who may be one person");
    return made;
  });
}

// What came since the index was made last is read first; a store that cannot be written to is searched as it stands.
Page DashboardPages::search(const PageRequest& request) {
  const auto found = request.arguments.find("q");
  const std::string words = found == request.arguments.end() ? std::string() : found->second;
  if (!words.empty()) {
    try {
      const auto writable = invocation_.open(Access::write);
      update_search_index(
          *writable,
          open_context(*writable, config_, request.project, request.as_of, invocation_.clock.now()).project_id);
    } catch (const Error&) {
    }
  }
  return connections_.with([&](Database& database) {
    return search_page(open_context(database, config_, request.project, request.as_of, invocation_.clock.now()), words);
  });
}

Page DashboardPages::fleet_page(const PageRequest& request) {
  return connections_.with([&](Database& database) {
    const Context context = open_store_context(database, config_, "", request.as_of, invocation_.clock.now());
    Page page{"fleet", "Fleet", "All projects of the store, those that need somebody first."};
    page.results = find_analysis("fleet").run(context);
    return page;
  });
}

std::optional<Page> DashboardPages::work_page(const PageRequest& request) {
  const std::string version = versions().sources;
  for (bool is_first = true;; is_first = false) {
    const Context wanted = connections_.with([&](Database& database) {
      return open_context(database, config_, request.project, request.as_of, invocation_.clock.now());
    });
    const auto desk = desks_.at(wanted, version, [&] { return invocation_.open(Access::read); });
    const std::lock_guard lock(desk->mutex);
    try {
      return make_work_page(request, desk->desk);
    } catch (const std::exception&) {
      if (ReadConnections::is_alive(*desk->database)) throw;
      desks_.forget(desk);
      if (!is_first) throw;
    }
  }
}

std::optional<Page> DashboardPages::make_work_page(const PageRequest& request, Desk& desk) {
  const OwnNotes own(desk.context(), invocation_.clock.now(), request.as_of.has_value(), request.user);
  if (request.slug == "triage") return triage_page(desk, own, request);
  if (request.slug == "review") return review_page(desk, own, request);
  if (request.slug == "inbox") return inbox_page(desk, own, request);
  if (request.slug == "plan") return plan_page(desk, own, request, plan_command(desk.context()));
  if (request.slug == "thread") return thread_page(desk, request);
  if (request.slug == "pairs") return pairs_page(desk, request, invocation_.clock.now());
  return item_page(desk, own, request,
                   [&](const ReviewEntry& entry) { return answer_merge_of(desk.context(), entry); });
}

// A store that cannot be written to leaves it unknown, as before.
bool DashboardPages::answer_merge_of(const Context& context, const ReviewEntry& entry) {
  if (!merge_is_unanswered(context, entry)) return false;
  try {
    const auto writable = invocation_.open(Access::write);
    answer_merge(open_context(*writable, config_, context.project, context.as_of, invocation_.clock.now()), entry,
                 invocation_.clock.now());
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string DashboardPages::plan_command(const Context& context) const {
  // The address of a server may hold a password.
  const std::string& store = invocation_.db;
  const std::string database = store.find("://") != std::string::npos ? std::string(" --db postgresql://…")
                               : store == "resident.db"               ? std::string()
                                                                      : " --db " + shell_word(store);
  return fmt::format("resident plan --collected --apply --project {}{}", shell_word(context.project), database);
}

std::string DashboardPages::collect(const PlanRequest& request) {
  const auto database = invocation_.open(Access::write);
  const Context context = open_context(*database, config_, request.project, std::nullopt, invocation_.clock.now());
  return collect_from_page(context, request, invocation_.clock.now());
}

}  // namespace resident
