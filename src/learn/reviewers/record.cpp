#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <framework/learnt.hpp>
#include <learn/reviewers/record.hpp>
#include <limits>
#include <model/lines.hpp>

namespace resident::reviewers {

namespace {

constexpr std::string_view kForm = "1", kName = "reviews";  // of what is kept
constexpr Timestamp kAlways = std::numeric_limits<std::int32_t>::min();

// Adds to a record what happened after one moment and until another.
class RecordReader {
 public:
  RecordReader(const Context& context, ReviewRecord& record) : context_(context), record_(record) {
    for (Index i = 0; i < record.identities.size(); ++i) identities_[record.identities[i]] = i;
    for (Index i = 0; i < record.paths.size(); ++i) paths_[record.paths[i]] = i;
    for (std::size_t i = 0; i < record.pulls.size(); ++i) pulls_[record.pulls[i].item_id] = i;
  }

  void read(Timestamp after, Timestamp until, bool with_lines) {
    parameters_ = {{"project", context_.project_id}, {"after", after}, {"until", until}};
    read_pulls();
    read_ends();
    read_files();
    read_acts();
    read_links();
    read_commits();
    if (with_lines && why_no_lines(context_).empty()) read_lines(until);
    std::stable_sort(acts_.begin(), acts_.end(),
                     [](const RecordedAct& a, const RecordedAct& b) { return a.at < b.at; });
    for (const RecordedAct& act : acts_) record_.acts.push_back(act);
    record_.acts.close();
  }

 private:
  std::unique_ptr<Rows> query(std::string_view sql) { return context_.database.query(sql, parameters_); }

  Index identity(const std::optional<std::int64_t>& id) {
    if (!id) return kNone;
    const auto [found, is_new] = identities_.emplace(*id, static_cast<Index>(record_.identities.size()));
    if (is_new) record_.identities.push_back(*id);
    return found->second;
  }

  Index path(const std::string& name) {
    const auto [found, is_new] = paths_.emplace(name, static_cast<Index>(record_.paths.size()));
    if (is_new) record_.paths.push_back(name);
    return found->second;
  }

  void add(Timestamp at, ActKind kind, const std::optional<std::int64_t>& who, std::int64_t on, double amount = 0) {
    if (who) acts_.push_back({at, kind, identity(who), on, static_cast<float>(amount)});
  }

  void read_pulls() {
    // The title as it was at first: what it was renamed from.
    std::unordered_map<std::int64_t, std::string> first_titles;
    for (const auto rows =
             query("SELECT item_id, detail FROM event WHERE project_id = :project AND kind = 'renamed' AND detail IS "
                   "NOT NULL AND (occurred_at IS NULL OR occurred_at > :after) ORDER BY item_id, position");
         rows->next();) {
      const std::string detail = rows->string(1);
      if (const std::size_t arrow = detail.find(" → "); arrow != std::string::npos)
        first_titles.emplace(rows->integer(0), detail.substr(0, arrow));
    }
    for (const auto rows =
             query("SELECT item_id, number, author_id, created_at, title FROM item WHERE project_id = :project AND "
                   "kind = 'pull' AND created_at > :after AND created_at <= :until ORDER BY created_at, item_id");
         rows->next();) {
      RecordedPull pull;
      pull.item_id = rows->integer(0);
      pull.number = rows->integer(1);
      pull.author = identity(rows->optional_integer(2));
      pull.opened_at = rows->integer(3);
      const auto renamed = first_titles.find(pull.item_id);
      pull.title = renamed == first_titles.end() ? rows->string(4) : renamed->second;
      add(pull.opened_at, ActKind::opened, rows->optional_integer(2), pull.item_id);
      pulls_[pull.item_id] = record_.pulls.size();
      record_.pulls.push_back(std::move(pull));
    }
  }

  RecordedPull* pull(std::int64_t item) {
    const auto found = pulls_.find(item);
    return found == pulls_.end() ? nullptr : &record_.pulls[found->second];
  }

  // Those that are open at `until`, or were closed or opened since: their end and their files may be new.
  void read_ends() {
    changed_.clear();
    for (const auto rows =
             query("SELECT item_id, closed_at FROM item_interval WHERE project_id = :project AND opened_at <= :until "
                   "AND (closed_at IS NULL OR closed_at > :after) ORDER BY item_id, opened_at");
         rows->next();) {
      const auto at = rows->optional_integer(1);
      RecordedPull* each = pull(rows->integer(0));
      if (!each) continue;
      each->closed_at = at && *at <= parameters_until() ? at : std::nullopt;
      if (changed_.empty() || changed_.back() != each->item_id) changed_.push_back(each->item_id);
    }
  }

  void read_files() {
    for (const std::int64_t item : changed_) pull(item)->paths.clear();
    for (const auto rows = query("SELECT f.item_id, p.path FROM item_file f JOIN path p ON p.project_id = f.project_id "
                                 "AND p.path_id = f.path_id WHERE f.project_id = :project AND f.item_id IN (SELECT "
                                 "item_id FROM item_interval WHERE project_id = :project AND opened_at <= :until AND "
                                 "(closed_at IS NULL OR closed_at > :after)) ORDER BY f.item_id, f.path_id");
         rows->next();)
      if (RecordedPull* each = pull(rows->integer(0))) each->paths.push_back(path(rows->string(1)));
  }

  void read_acts() {
    for (const auto rows =
             query("SELECT item_id, author_id, submitted_at FROM review WHERE project_id = :project AND submitted_at > "
                   ":after AND submitted_at <= :until ORDER BY submitted_at, item_id, review_key");
         rows->next();)
      add(rows->integer(2), ActKind::review, rows->optional_integer(1), rows->integer(0));
    for (const auto rows =
             query("SELECT item_id, author_id, created_at, kind FROM comment WHERE project_id = :project AND "
                   "created_at > :after AND created_at <= :until ORDER BY created_at, item_id, comment_key");
         rows->next();)
      add(rows->integer(2), rows->text(3) == "inline" ? ActKind::inline_comment : ActKind::comment,
          rows->optional_integer(1), rows->integer(0));
    for (const auto rows =
             query("SELECT item_id, author_id, created_at FROM item WHERE project_id = :project AND kind = 'issue' AND "
                   "created_at > :after AND created_at <= :until ORDER BY created_at, item_id");
         rows->next();)
      add(rows->integer(2), ActKind::issue, rows->optional_integer(1), rows->integer(0));
    for (const auto rows =
             query("SELECT item_id, actor_id, occurred_at, kind, subject_id FROM event WHERE project_id = :project AND "
                   "occurred_at > :after AND occurred_at <= :until AND kind IN ('merged', 'closed', 'reopened', "
                   "'labeled', 'milestoned', 'assigned', 'review_requested') ORDER BY occurred_at, item_id, position");
         rows->next();) {
      add(rows->integer(2), rows->text(3) == "merged" ? ActKind::merged : ActKind::other, rows->optional_integer(1),
          rows->integer(0));
      if (rows->text(3) == "review_requested")
        add(rows->integer(2), ActKind::requested, rows->optional_integer(4), rows->integer(0));
    }
  }

  void read_links() {
    const ReferenceRules rules = context_.reference_rules();
    for (const auto rows =
             query("SELECT item_id, detail, occurred_at FROM event WHERE project_id = :project AND kind = "
                   "'cross-referenced' AND occurred_at > :after AND occurred_at <= :until ORDER BY item_id, position");
         rows->next();) {
      const Reference source = single_reference(rows->text(1), rules);
      if (source.number && source.is_own())
        record_.links.push_back({source.number, rows->integer(0), rows->integer(2)});
    }
  }

  void read_commits() {
    for (const auto rows = query(
             "SELECT c.author_id, c.committed_at, p.path, f.additions FROM git_commit c JOIN file_change f ON "
             "f.project_id = c.project_id AND f.commit_id = c.commit_id JOIN path p ON p.project_id = f.project_id AND "
             "p.path_id = f.path_id WHERE c.project_id = :project AND c.on_default = 1 AND c.committed_at > :after AND "
             "c.committed_at <= :until ORDER BY c.committed_at, c.commit_id, f.path_id");
         rows->next();)
      add(rows->integer(1), ActKind::commit, rows->optional_integer(0), path(rows->string(2)),
          static_cast<double>(rows->integer(3)));
  }

  // Who wrote the lines that stood at the beginning of any month: of those that went
  // later the store knows no more than the months.
  void read_lines(Timestamp until) {
    std::unordered_map<std::int64_t, std::string> names;
    for (const auto rows = query("SELECT path_id, path FROM path WHERE project_id = :project"); rows->next();)
      names[rows->integer(0)] = rows->string(1);
    const auto line = [&](Timestamp at, const std::optional<std::int64_t>& who, std::int64_t path_id, double count) {
      if (at <= until) add(at, ActKind::lines, who, path(names[path_id]), count);
    };
    for (const auto rows = query("SELECT path_id, author_id, born_at, lines FROM line_owner WHERE project_id = "
                                 ":project AND born_at <= :until ORDER BY path_id, commit_id");
         rows->next();)
      line(start_of_month_number(month_number(rows->integer(2)) + 1), rows->optional_integer(1), rows->integer(0),
           static_cast<double>(rows->integer(3)));
    for (const auto rows = query("SELECT path_id, author_id, born_month, died_month, lines FROM line_death WHERE "
                                 "project_id = :project ORDER BY path_id, author_id, born_month, died_month");
         rows->next();) {
      const auto who = rows->optional_integer(1);
      const auto count = static_cast<double>(rows->integer(4));
      line(start_of_month_number(static_cast<int>(rows->integer(2)) + 1), who, rows->integer(0), count);
      line(start_of_month_number(static_cast<int>(rows->integer(3)) + 1), who, rows->integer(0), -count);
    }
  }

  Timestamp parameters_until() const { return std::get<std::int64_t>(parameters_[2].second); }

  const Context& context_;
  ReviewRecord& record_;
  Parameters parameters_;
  std::unordered_map<std::int64_t, Index> identities_;
  std::unordered_map<std::string, Index> paths_;
  std::unordered_map<std::int64_t, std::size_t> pulls_;  // by item
  std::vector<std::int64_t> changed_;
  std::vector<RecordedAct> acts_;
};

std::string basis_of(const Context& context) {
  const Timestamp moment = learning_moment(context.as_of);
  const auto count = [&](std::string_view rows) { return count_when_learning(context, rows); };
  return fmt::format("{}: {} pulls, {} reviews, {} comments, {} closings, {} commits{} by {}", kForm,
                     count("item WHERE project_id = :project AND kind = 'pull' AND created_at"),
                     count("review WHERE project_id = :project AND submitted_at"),
                     count("comment WHERE project_id = :project AND created_at"),
                     count("item_interval WHERE project_id = :project AND closed_at"),
                     count("git_commit WHERE project_id = :project AND committed_at"),
                     why_no_lines(context).empty() ? " with lines" : "", format_date(moment));
}

}  // namespace

void RecordedActCoder::pack(Packer& packer, const RecordedAct& act) {
  packer.signed_whole(act.at - last);
  last = act.at;
  packer.whole(static_cast<std::uint64_t>(act.kind));
  packer.whole(act.identity);
  packer.signed_whole(act.on);
  if (act.kind == ActKind::commit || act.kind == ActKind::lines) packer.number(static_cast<double>(act.amount));
}

RecordedAct RecordedActCoder::unpack(Unpacker& unpacker) {
  RecordedAct act;
  act.at = last += unpacker.signed_whole();
  const std::uint64_t kind = unpacker.whole();
  if (kind > static_cast<std::uint64_t>(ActKind::lines)) throw Error("a kept record has an act of no kind");
  act.kind = static_cast<ActKind>(kind);
  const std::uint64_t identity = unpacker.whole();
  if (identity > kNone) throw Error("a kept record has an act of nobody");
  act.identity = static_cast<Index>(identity);
  act.on = unpacker.signed_whole();
  if (act.kind == ActKind::commit || act.kind == ActKind::lines) act.amount = static_cast<float>(unpacker.number());
  return act;
}

ReviewRecord load_review_record(const Context& context) {
  const Timestamp moment = learning_moment(context.as_of);
  const std::string basis = basis_of(context);
  const auto make = [&] {
    ReviewRecord made;
    RecordReader(context, made).read(kAlways, moment - 1, true);
    return made;
  };
  ReviewRecord record = kept_or_made(context, kName, basis, unpack_review_record, make,
                                     [](const ReviewRecord& made) { return pack(made); });
  RecordReader(context, record).read(moment - 1, context.as_of, false);
  record.basis = basis;
  return record;
}

std::string pack(const ReviewRecord& record) {
  Packer packer;
  packer.whole(record.identities.size());
  for (const auto identity : record.identities) packer.signed_whole(identity);
  packer.whole(record.paths.size());
  for (const auto& path : record.paths) packer.text(path);
  packer.whole(record.pulls.size());
  for (const auto& pull : record.pulls) {
    packer.signed_whole(pull.item_id);
    packer.signed_whole(pull.number);
    packer.whole(pull.author);
    packer.signed_whole(pull.opened_at);
    packer.whole(pull.closed_at ? 1 : 0);
    if (pull.closed_at) packer.signed_whole(*pull.closed_at - pull.opened_at);
    packer.text(pull.title);
    packer.whole(pull.paths.size());
    for (const Index path : pull.paths) packer.whole(path);
  }
  packer.whole(record.acts.size());
  RecordedActCoder coder;
  record.acts.each([&](const RecordedAct& act) { coder.pack(packer, act); });
  packer.whole(record.links.size());
  for (const auto& link : record.links) {
    packer.signed_whole(link.from_number);
    packer.signed_whole(link.to_item);
    packer.signed_whole(link.at);
  }
  return packer.take();
}

ReviewRecord unpack_review_record(std::string_view bytes) {
  Unpacker unpacker(bytes);
  ReviewRecord record;
  const auto place_in = [&](const auto& list) {
    const std::uint64_t place = unpacker.whole();
    if (place >= list.size() && place != kNone) throw Error("a kept record names what it does not have");
    return static_cast<Index>(place);
  };
  record.identities.resize(unpacker.count(1));
  for (auto& identity : record.identities) identity = unpacker.signed_whole();
  record.paths.resize(unpacker.count(1));
  for (auto& path : record.paths) path = unpacker.text();
  record.pulls.resize(unpacker.count(7));
  for (auto& pull : record.pulls) {
    pull.item_id = unpacker.signed_whole();
    pull.number = unpacker.signed_whole();
    pull.author = place_in(record.identities);
    pull.opened_at = unpacker.signed_whole();
    if (unpacker.whole() != 0) pull.closed_at = pull.opened_at + unpacker.signed_whole();
    pull.title = unpacker.text();
    pull.paths.resize(unpacker.count(1));
    for (auto& path : pull.paths)
      if ((path = place_in(record.paths)) == kNone) throw Error("a kept record has a pull request of no file");
  }
  const std::size_t acts = unpacker.count(4);
  RecordedActCoder coder;
  for (std::size_t i = 0; i < acts; ++i) {
    const RecordedAct act = coder.unpack(unpacker);
    if (act.identity >= record.identities.size() && act.identity != kNone)
      throw Error("a kept record names what it does not have");
    if ((act.kind == ActKind::commit || act.kind == ActKind::lines) &&
        (act.on < 0 || act.on >= static_cast<std::int64_t>(record.paths.size())))
      throw Error("a kept record has an act on no file");
    record.acts.push_back(act);
  }
  record.acts.close();
  record.links.resize(unpacker.count(3));
  for (auto& link : record.links) {
    link.from_number = unpacker.signed_whole();
    link.to_item = unpacker.signed_whole();
    link.at = unpacker.signed_whole();
  }
  unpacker.finish();
  return record;
}

}  // namespace resident::reviewers
