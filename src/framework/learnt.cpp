#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <framework/keep_in_store.hpp>
#include <framework/learnt.hpp>
#include <store/identities.hpp>

namespace resident {

namespace {

constexpr std::size_t kPartBytes = std::size_t{8} << 20;  // of content in one row

std::string bytes_of(const Rows& rows, std::size_t column) {
  Value value = rows.value(column);
  auto* blob = std::get_if<Blob>(&value);
  return blob ? std::move(blob->bytes) : std::string();
}

}  // namespace

Timestamp learning_moment(Timestamp as_of) {
  return start_of_week(as_of);
}

std::string people_basis(const Context& context) {
  return fmt::format("people {}, settings {}", people_revision(context.database, context.project_id),
                     context.config.print);
}

std::optional<std::string> read_learnt(const Context& context, std::string_view name, const std::string& basis) {
  std::string content;
  std::int64_t parts = 0;
  for (const auto rows =
           context.database.query("SELECT part, content FROM learnt WHERE project_id = :project AND name = :name AND "
                                  "basis = :basis ORDER BY part",
                                  {{"project", context.project_id}, {"name", std::string(name)}, {"basis", basis}});
       rows->next();) {
    if (rows->integer(0) != parts++) return std::nullopt;
    content += bytes_of(*rows, 1);
  }
  return parts == 0 ? std::nullopt : std::optional(std::move(content));
}

void keep_learnt(const Context& context, std::string_view name, const std::string& basis, Timestamp learnt_at,
                 std::string_view content) {
  const Parameters which{{"project", context.project_id}, {"name", std::string(name)}};
  std::vector<std::vector<Value>> rows;
  for (std::size_t begin = 0; begin < content.size() || begin == 0; begin += kPartBytes)
    rows.push_back({context.project_id, std::string(name), static_cast<std::int64_t>(begin / kPartBytes), basis,
                    learnt_at, Blob{std::string(content.substr(begin, kPartBytes))}});
  keep_in_store(context.database, [&](Database& database) {
    if (database.integer("SELECT max(learnt_at) FROM learnt WHERE project_id = :project AND name = :name", which)
            .value_or(learnt_at) > learnt_at)
      return false;
    database.execute("DELETE FROM learnt WHERE project_id = :project AND name = :name", which);
    database.execute("DELETE FROM kept_answer WHERE project_id = :project AND name = :name", which);
    database.insert({"learnt",
                     {"project_id", "name", "part", "basis", "learnt_at", "content"},
                     {"project_id", "name", "part"},
                     OnConflict::replace},
                    rows);
    return true;
  });
}

Context when_learning(const Context& context) {
  Context then = context;
  then.as_of = learning_moment(context.as_of) - 1;
  return then;
}

std::int64_t count_when_learning(const Context& context, std::string_view rows) {
  return context.database
      .integer(fmt::format("SELECT count(*) FROM {} < :moment", rows),
               {{"project", context.project_id}, {"moment", learning_moment(context.as_of)}})
      .value_or(0);
}

std::string short_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

KeptAnswers::KeptAnswers(Context context, std::string name) : context_(std::move(context)), name_(std::move(name)) {}

KeptAnswers::~KeptAnswers() {
  try {
    save();
  } catch (const Error&) {
    // They are found again next time.
  }
}

std::unordered_map<std::int64_t, KeptAnswers::Answer>& KeptAnswers::known() const {
  if (!known_) {
    known_.emplace();
    for (const auto rows = context_.database.query(
             "SELECT item_id, basis, content FROM kept_answer WHERE project_id = :project AND name = :name",
             {{"project", context_.project_id}, {"name", name_}});
         rows->next();)
      known_->emplace(rows->integer(0), Answer{rows->string(1), bytes_of(*rows, 2)});
  }
  return *known_;
}

const std::string* KeptAnswers::find(std::int64_t item_id, const std::string& basis) const {
  const auto found = known().find(item_id);
  return found == known().end() || found->second.basis != basis ? nullptr : &found->second.content;
}

void KeptAnswers::keep(std::int64_t item_id, const std::string& basis, std::string content) {
  known()[item_id] = {basis, std::move(content)};
  new_.push_back(item_id);
}

void KeptAnswers::save() {
  if (new_.empty()) return;
  std::sort(new_.begin(), new_.end());
  new_.erase(std::unique(new_.begin(), new_.end()), new_.end());
  std::vector<std::vector<Value>> rows;
  for (const std::int64_t item : new_) {
    const Answer& answer = known_->at(item);
    rows.push_back({context_.project_id, item, name_, answer.basis, Blob{answer.content}});
  }
  new_.clear();
  keep_in_store(context_.database, [&](Database& database) {
    // A look into the past does not drive out what is asked for every day.
    if (database
            .integer("SELECT max(learnt_at) FROM learnt WHERE project_id = :project AND name = :name",
                     {{"project", context_.project_id}, {"name", name_}})
            .value_or(0) > learning_moment(context_.as_of))
      return false;
    database.insert({"kept_answer",
                     {"project_id", "item_id", "name", "basis", "content"},
                     {"project_id", "item_id", "name"},
                     OnConflict::replace},
                    rows);
    return true;
  });
}

}  // namespace resident
