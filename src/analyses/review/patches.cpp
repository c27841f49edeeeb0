// Patches by mail: every series with its versions, what it lacks, whose turn it is, who reviewed it, whom MAINTAINERS
// names, what became of each part and how that is known; and what lists say of that beside what the repository shows.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <map>
#include <model/maintainers_file.hpp>
#include <model/queues/review.hpp>
#include <set>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::size_t kMostNames = 4;
constexpr std::size_t kMostDiff = 200'000;  // of a series, in which keywords are looked for

struct Part {
  std::string key, role, title, commit, found_by;
  Timestamp sent_at = 0;
  std::int64_t version = 0, version_number = 0, part = 0, parts = 0, author = 0;
  bool is_partial = false, is_whole = true;
  Timestamp applied_at = 0;
  std::string said;  // what was said of it last: applied, applied with a change, will apply, taken back
  std::vector<std::string> tags;
};

struct SeriesRow {
  std::int64_t item = 0, number = 0, author = 0;
  std::string title, list, state, how_joined, tree, backport_of;
  Timestamp created_at = 0, last_at = 0, closed_at = 0;
  bool is_open = false;
  std::int64_t versions = 0, version = 1, parts = 0, present = 0, applied = 0, said = 0;
  std::vector<Part> mails;  // of the last version known at the moment: cover and parts
  std::vector<Part> all;    // of every version
  std::set<std::string> how_applied;
  std::map<std::string, std::set<std::int64_t>> tags;  // token → people, of answers, those that count
};

std::string names_of(const std::set<std::int64_t>& people, const People& who) {
  std::vector<std::string> names;
  for (const auto person : people) names.push_back(who.name(person));
  std::sort(names.begin(), names.end());
  const std::size_t shown = std::min(names.size(), kMostNames);
  std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

class Patches {
 public:
  explicit Patches(const Context& context) : context_(context), people_(load_people(context)) {
    load_series();
    load_mails();
    load_said();
    load_tags();
    for (auto& [item, row] : rows_) finish(row);
  }

  std::map<std::int64_t, SeriesRow>& rows() { return rows_; }
  const People& people() const { return people_; }

  std::vector<std::string> paths_of(std::int64_t item) const {
    std::vector<std::string> paths;
    for (const auto rows = context_.database.query("SELECT p.path FROM item_file f JOIN path p ON p.project_id = "
                                                   "f.project_id AND p.path_id = f.path_id WHERE "
                                                   "f.project_id = :project AND f.item_id = :item ORDER BY p.path",
                                                   {{"project", context_.project_id}, {"item", item}});
         rows->next();)
      paths.push_back(rows->string(0));
    return paths;
  }

  std::string diff_of(std::int64_t item) const {
    std::string text;
    for (const auto rows =
             context_.database.query("SELECT body FROM comment WHERE project_id = :project AND item_id = :item AND "
                                     "kind = 'patch' AND created_at "
                                     "<= :as_of ORDER BY created_at DESC",
                                     {{"project", context_.project_id}, {"item", item}, {"as_of", context_.as_of}});
         rows->next() && text.size() < kMostDiff;)
      text.append(rows->text(0).substr(0, kMostDiff)).append("\n");
    return text;
  }

 private:
  void load_series() {
    for (const auto rows = context_.database.query(
             "SELECT s.item_id, i.number, i.title, i.author_id, i.created_at, s.list, s.state, s.how_joined, s.tree, "
             "s.backport_of, (SELECT count(*) FROM item_interval v WHERE v.project_id = s.project_id AND v.item_id = "
             "s.item_id AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of)), i.closed_at FROM "
             "patch_series s JOIN item i ON i.project_id = s.project_id AND i.item_id = s.item_id WHERE s.project_id = "
             ":project AND i.created_at <= :as_of ORDER BY s.item_id",
             context_.parameters());
         rows->next();) {
      SeriesRow row;
      row.item = rows->integer(0);
      row.number = rows->integer(1);
      row.title = rows->string(2);
      row.author = people_.person(rows->optional_integer(3));
      row.created_at = rows->integer(4);
      row.list = rows->string(5);
      row.state = rows->string(6);
      row.how_joined = rows->string(7);
      row.tree = rows->string(8);
      row.backport_of = rows->string(9);
      row.is_open = rows->integer(10) > 0;
      row.closed_at = rows->optional_integer(11).value_or(0);
      rows_.emplace(row.item, std::move(row));
    }
  }

  void load_mails() {
    for (const auto rows = context_.database.query(
             "SELECT item_id, mail_key, role, sent_at, version, version_number, part, parts, title, author_id, "
             "commit_sha, found_by, applied_at, is_whole, is_partial FROM patch_mail WHERE project_id = :project AND "
             "sent_at <= "
             ":as_of AND role <> 'answer' ORDER BY item_id, version, part",
             context_.parameters());
         rows->next();) {
      const auto found = rows_.find(rows->integer(0));
      if (found == rows_.end()) continue;
      Part part;
      part.key = rows->string(1);
      part.role = rows->string(2);
      part.sent_at = rows->integer(3);
      part.version = rows->integer(4);
      part.version_number = rows->integer(5);
      part.part = rows->integer(6);
      part.parts = rows->integer(7);
      part.title = rows->string(8);
      part.author = people_.person(rows->optional_integer(9));
      if (const auto at = rows->optional_integer(12); at && *at <= context_.as_of) {
        part.commit = rows->string(10);
        part.found_by = rows->string(11);
        part.applied_at = *at;
      }
      part.is_whole = rows->is_null(13) || rows->integer(13) == 1;
      part.is_partial = rows->integer(14) == 1;
      SeriesRow& row = found->second;
      place_of_.emplace(part.key, std::pair{row.item, row.all.size()});
      row.last_at = std::max(row.last_at, part.sent_at);
      row.all.push_back(std::move(part));
    }
  }

  void load_said() {
    for (const auto rows = context_.database.query("SELECT item_id, target, says, says_parts, sent_at FROM patch_mail "
                                                   "WHERE project_id = :project AND sent_at "
                                                   "<= :as_of AND role = 'answer' ORDER BY sent_at",
                                                   context_.parameters());
         rows->next();) {
      const auto found = rows_.find(rows->integer(0));
      if (found == rows_.end()) continue;
      SeriesRow& row = found->second;
      row.last_at = std::max(row.last_at, rows->integer(4));
      const std::string says = rows->string(2);
      if (says.empty() || says == "withdrawn" || says == "superseded" || says == "rejected") continue;
      const auto target = place_of_.find(rows->string(1));
      if (target == place_of_.end()) continue;
      const Part answered = row.all[target->second.second];
      std::set<std::int64_t> numbers;
      const std::string listed = rows->string(3);
      for (const auto each : split(listed, ' '))
        if (!each.empty()) numbers.insert(std::strtoll(std::string(each).c_str(), nullptr, 10));
      for (Part& part : row.all) {
        if (part.role != "patch" || part.version != answered.version) continue;
        // Part 0: all of them.
        const bool is_meant = !numbers.empty() ? numbers.contains(part.part) || numbers.contains(0)
                                               : answered.role != "patch" || part.key == answered.key;
        if (is_meant) part.said = says;
      }
    }
  }

  void load_tags() {
    for (const auto rows = context_.database.query(
             "SELECT t.item_id, t.token, t.identity_id, m.target FROM patch_tag t JOIN patch_mail m ON m.project_id = "
             "t.project_id AND m.mail_key = t.mail_key WHERE t.project_id = :project AND t.counts = 1 AND m.sent_at <= "
             ":as_of",
             context_.parameters());
         rows->next();) {
      const auto found = rows_.find(rows->integer(0));
      if (found == rows_.end()) continue;
      const std::int64_t person = people_.person(rows->optional_integer(2));
      found->second.tags[rows->string(1)].insert(person);
      if (const auto target = place_of_.find(rows->string(3)); target != place_of_.end())
        found->second.all[target->second.second].tags.push_back(rows->string(1) + " " + people_.name(person));
    }
  }

  // The parts as they stand in the last version of the moment: of a later part alone, the others stay.
  static void finish(SeriesRow& row) {
    std::map<std::int64_t, Part> standing;
    std::set<std::int64_t> versions;
    for (const Part& part : row.all) versions.insert(part.version);
    row.versions = static_cast<std::int64_t>(versions.size());
    for (const std::int64_t version : versions) {
      std::map<std::int64_t, Part> own;
      std::int64_t total = 0;
      bool is_partial = false;
      for (const Part& part : row.all) {
        if (part.version != version) continue;
        total = part.parts;
        row.version = part.version_number;
        is_partial = part.is_partial;
        own[part.part] = part;
      }
      if (!is_partial) standing.clear();
      row.parts = total;
      for (auto& [number, part] : own) standing[number] = part;
    }
    for (const auto& [number, part] : standing) {
      row.mails.push_back(part);
      if (part.role != "patch") continue;
      ++row.present;
      row.said += part.said == "applied" || part.said == "applied with a change";
      if (part.commit.empty()) continue;
      ++row.applied;
      row.how_applied.insert(part.found_by);
    }
    if (row.present == 0) row.parts = 0;  // a request to pull
    if (row.is_open) row.state = row.applied > 0 ? "partly applied" : "open";
  }

  const Context& context_;
  People people_;
  std::map<std::int64_t, SeriesRow> rows_;
  std::unordered_map<std::string, std::pair<std::int64_t, std::size_t>> place_of_;
};

std::string tags_text(const SeriesRow& row, const People& people) {
  std::string text;
  for (const auto& [token, who] : row.tags)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", token, names_of(who, people));
  return text;
}

std::string maintainers_text(const std::vector<MaintainerSection>& sections, const People& people) {
  for (const MaintainerSection& section : sections) {
    std::set<std::int64_t> who(section.maintainers.begin(), section.maintainers.end());
    who.insert(section.reviewers.begin(), section.reviewers.end());
    if (!who.empty()) return names_of(who, people);
  }
  return {};
}

struct Listed {
  const SeriesRow* row;
  const ReviewEntry* entry;
};

std::vector<Column> list_columns() {
  return {{"number", "Series", ColumnType::item, "", "from the Message-ID of its first mail", "url"},
          {"title", "Title"},
          {"state", "State", ColumnType::text, "",
           "open, partly applied, applied, said applied, withdrawn, rejected, superseded, lapsed"},
          {"turn", "Turn"},
          {"waiting", "Waiting", ColumnType::duration, "", "since the turn began"},
          {"who", "Whom for"},
          {"why", "Why this turn"},
          {"version", "Version", ColumnType::integer, "", "the last one, as it says"},
          {"parts", "Parts", ColumnType::text, "", "of the last version: in the archive of all"},
          {"applied", "Applied", ColumnType::integer, "patches", "of the last version, found in the repository"},
          {"found_by", "Found by", ColumnType::text, "", "link, patch-id, author and date, title, discussion"},
          {"said", "Said", ColumnType::integer, "patches", "said to be applied, and not taken back"},
          {"tags", "Tags"},
          {"maintainers", "MAINTAINERS", ColumnType::text, "", "whom the closest section of the file names"},
          {"author", "Author"},
          {"last_at", "Last mail", ColumnType::date},
          {"versions", "Versions", ColumnType::integer, "", "in the archive", "", true},
          {"list", "List", ColumnType::text, "", "", "", true},
          {"tree", "Tree", ColumnType::text, "", "as the subject says", "", true},
          {"how_joined", "Joined by", ColumnType::text, "", "how the last version was found to be one", "", true},
          {"backport_of", "Backport of", ColumnType::text, "", "", "", true},
          {"created_at", "Sent", ColumnType::time, "", "", "", true},
          {"url", "Address", ColumnType::url, "", "", "", true}};
}

std::string claim_of(Patches& patches, std::int64_t open, std::int64_t lacking,
                     std::map<std::string, std::int64_t>& by_turn) {
  return patches.rows().empty()
             ? "No series of patches is known: no mail of this project brings any."
             : fmt::format("Of {}, {} open: {} for a reviewer, {} to be applied, {} for their authors{}.",
                           plural(static_cast<long long>(patches.rows().size()), "series", "series"),
                           open == 1 ? "1 is" : with_thousands(open) + " are", by_turn["reviewer"],
                           by_turn["committer"], by_turn["author"],
                           lacking ? fmt::format("; {} parts in the archive",
                                                 lacking == 1 ? "1 lacks" : with_thousands(lacking) + " lack")
                                   : "");
}

std::vector<Cell> row_of(const Context& context, const Patches& patches, const ReviewQueue& queue,
                         const MaintainersFile& file, const Listed& each) {
  const SeriesRow& row = *each.row;
  std::string who;
  if (each.entry) {
    who = names_of(each.entry->turn.people, queue.people);
    if (who.empty() && each.entry->turn.turn == Turn::author) who = queue.people.name(row.author);
  }
  const std::string maintainers =
      file.is_empty() ? std::string()
                      : maintainers_text(file.sections_of(patches.paths_of(row.item),
                                                          file.has_keywords() ? patches.diff_of(row.item) : ""),
                                         patches.people());
  return {row.number,
          row.title,
          row.state,
          each.entry ? Cell(std::string(turn_name(each.entry->turn.turn))) : Cell(std::string("nobody")),
          each.entry ? Cell(context.as_of - each.entry->turn.since) : Cell(),
          who,
          each.entry ? each.entry->turn.why : std::string(),
          row.version,
          row.parts ? fmt::format("{}/{}", row.present, row.parts) : std::string(),
          row.applied,
          fmt::format("{}", fmt::join(row.how_applied, ", ")),
          row.said,
          tags_text(row, patches.people()),
          maintainers,
          patches.people().name(row.author),
          row.last_at,
          row.versions,
          row.list,
          row.tree,
          row.how_joined,
          row.backport_of,
          row.created_at,
          std::string()};
}

Result list_result(const Context& context, Patches& patches) {
  Result result =
      context.result("patches", "Patches", "Which patches by mail wait, for whom, and what became of the others?");
  result.columns = list_columns();
  const ReviewQueue queue = review_queue(context);
  std::unordered_map<std::int64_t, const ReviewEntry*> turns;
  for (const ReviewEntry& entry : queue.entries) turns.emplace(entry.item.id, &entry);
  const std::string state = context.choice("state", {"open", "all", "applied", "partly applied", "said applied",
                                                     "withdrawn", "rejected", "superseded", "lapsed"});
  const std::string list = to_lower(context.argument("list"));
  std::vector<Listed> listed;
  std::map<std::string, std::int64_t> by_turn;
  std::int64_t open = 0, lacking = 0;
  for (const auto& [item, row] : patches.rows()) {
    const auto turn = turns.find(item);
    if (row.is_open) {
      ++open;
      lacking += row.present < row.parts;
      ++by_turn[turn == turns.end() ? "nobody" : turn_name(turn->second->turn.turn)];
    }
    if (!list.empty() && to_lower(row.list).find(list) == std::string::npos) continue;
    const bool is_wanted = state == "all" || (state == "open" ? row.is_open : row.state == state);
    if (is_wanted) listed.push_back({&row, turn == turns.end() ? nullptr : turn->second});
  }
  std::stable_sort(listed.begin(), listed.end(), [](const Listed& a, const Listed& b) {
    const double first = a.entry ? a.entry->score : -1e9, second = b.entry ? b.entry->score : -1e9;
    return first != second ? first > second : a.row->last_at > b.row->last_at;
  });
  result.sample_size = static_cast<std::int64_t>(listed.size());
  const auto limit = static_cast<std::size_t>(context.whole_number("limit", 100, 1, 1'000'000));
  const MaintainersFile file(context, patches.people());
  for (const Listed& each : listed) {
    if (result.rows.size() == limit) break;
    result.rows.push_back(row_of(context, patches, queue, file, each));
  }
  result.claim = claim_of(patches, open, lacking, by_turn);
  if (result.rows.size() < listed.size())
    result.notes.push_back(fmt::format("The first {} of {} are shown; --limit says how many.",
                                       with_thousands(static_cast<long long>(result.rows.size())),
                                       with_thousands(static_cast<long long>(listed.size()))));
  result.definition =
      "A series is what one sender sent together, with all its later versions. Applied: a commit that a branch or tag "
      "reaches names the mail, changes the same lines (git patch-id --stable), has its author and date, or its title "
      "and "
      "author or files. Said: an answer says so that is no question, condition or plan. The turn is that of the review "
      "queue; a series of which nobody wrote for a year has lapsed. Whom MAINTAINERS names: rules of "
      "scripts/get_maintainer.pl.";
  result.method = "drawn from all mails together; docs/guide/patches.md says how, and how often it was right";
  result.evidence.push_back(
      {"the mails of series",
       fmt::format(
           "SELECT m.item_id / 2 AS series, m.role, m.version_number, m.part, m.parts, m.title, m.commit_sha, "
           "m.found_by, m.says FROM patch_mail m WHERE m.project_id = {} AND m.sent_at <= {} ORDER BY m.item_id, "
           "m.sent_at",
           context.project_id, context.as_of),
       {}});
  return result;
}

Result parts_result(const Context& context, Patches& patches) {
  Result result =
      context.result("patches_parts", "Parts of series", "Which mail is which part, and what became of it?");
  result.columns = {{"number", "Series", ColumnType::item, "", "", "url"},
                    {"version", "Version", ColumnType::integer},
                    {"part", "Part", ColumnType::integer},
                    {"parts", "Of", ColumnType::integer},
                    {"role", "Role"},
                    {"title", "Title"},
                    {"author", "Author", ColumnType::text, "", "of the patch: From in its text, else its sender"},
                    {"sent_at", "Sent", ColumnType::time},
                    {"current", "Current", ColumnType::text, "", "yes: stands in the last version"},
                    {"commit", "Commit"},
                    {"found_by", "Found by"},
                    {"applied_at", "Applied", ColumnType::time},
                    {"said", "Said"},
                    {"tags", "Tags"},
                    {"whole", "Whole", ColumnType::text, "", "no: its diff was wrapped or cut on the way"},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  const std::int64_t wanted = context.whole_number("series", 0, 0, 999'999'999);
  for (const auto& [item, row] : patches.rows()) {
    if (wanted && row.number != wanted) continue;
    std::set<std::string> current;
    for (const Part& part : row.mails) current.insert(part.key);
    for (const Part& part : row.all)
      result.rows.push_back(
          {row.number, part.version_number, part.part, part.parts, part.role, part.title,
           patches.people().name(part.author), part.sent_at, std::string(current.contains(part.key) ? "yes" : "no"),
           part.commit, part.found_by, part.applied_at ? Cell(part.applied_at) : Cell(), part.said,
           fmt::format("{}", fmt::join(part.tags, "; ")), std::string(part.is_whole ? "yes" : "no"), std::string()});
  }
  if (wanted && result.rows.empty())
    throw Error(ErrorKind::usage, fmt::format("there is no series {}", wanted), "`resident patches` lists the series");
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  result.claim = fmt::format("{} of {}.", plural(static_cast<long long>(result.rows.size()), "mail"),
                             wanted ? "the series" : "all series");
  return result;
}

Result evidence_result(const Context& context, Patches& patches) {
  Result result = context.result("patches_evidence", "What is said and what the repository shows",
                                 "How many patches are applied, how is that known, and what did the list say?");
  result.columns = {{"said", "Said last"},
                    {"patches", "Patches", ColumnType::integer, "patches", "of last versions"},
                    {"applied", "Applied", ColumnType::integer, "patches", "found in the repository"},
                    {"share", "Share", ColumnType::share},
                    {"link", "Link", ColumnType::integer, "patches"},
                    {"patch_id", "Patch-id", ColumnType::integer, "patches"},
                    {"author_and_date", "Author and date", ColumnType::integer, "patches"},
                    {"title", "Title", ColumnType::integer, "patches"},
                    {"discussion", "Discussion", ColumnType::integer, "patches"}};
  struct Count {
    std::int64_t patches = 0, applied = 0;
    std::map<std::string, std::int64_t> by;
  };
  std::map<std::string, Count> counts;
  Count all;
  std::int64_t multi = 0, lacking = 0, later = 0, partial = 0;
  for (const auto& [item, row] : patches.rows()) {
    if (row.parts > 1) ++multi, lacking += row.present < row.parts;
    std::map<std::int64_t, std::pair<std::size_t, std::int64_t>> sizes;  // version → mails, parts
    for (const Part& part : row.all) ++sizes[part.version].first, sizes[part.version].second = part.parts;
    for (const auto& [version, size] : sizes)
      if (version > 1) ++later;
    std::set<std::int64_t> alone;
    for (const Part& part : row.all)
      if (part.is_partial) alone.insert(part.version);
    partial += static_cast<std::int64_t>(alone.size());
    for (const Part& part : row.mails) {
      if (part.role != "patch") continue;
      for (Count* each : {&counts[part.said.empty() ? "nothing" : part.said], &all}) {
        ++each->patches;
        if (part.commit.empty()) continue;
        ++each->applied;
        ++each->by[part.found_by];
      }
    }
  }
  for (auto& [said, count] : counts)
    result.rows.push_back(
        {said, count.patches, count.applied,
         count.patches ? Cell(static_cast<double>(count.applied) / static_cast<double>(count.patches)) : Cell(),
         count.by["link"], count.by["patch-id"], count.by["author and date"], count.by["title"],
         count.by["discussion"]});
  const Count& said = counts["applied"];
  const Count& changed = counts["applied with a change"];
  result.sample_size = all.patches;
  result.claim = all.patches == 0
                     ? "No patch by mail is known."
                     : fmt::format("{} of {} are found in the repository; of {} of these somebody said so on the list.",
                                   with_thousands(all.applied), plural(all.patches, "patch", "patches"),
                                   with_thousands(said.applied + changed.applied));
  if (multi)
    result.notes.push_back(fmt::format("Of {} with several parts, {} parts in the archive.",
                                       plural(multi, "series", "series"),
                                       lacking == 1 ? "1 lacks" : with_thousands(lacking) + " lack"));
  if (later)
    result.notes.push_back(fmt::format("Of {}, {} a part alone.", plural(later, "later version"),
                                       partial == 1 ? "1 is" : with_thousands(partial) + " are"));
  result.definition =
      "Each patch of a last version counts once, under the strongest evidence there is: a link from the commit's "
      "message, "
      "its patch-id, author and author date, its title, the discussion it names. What is said last of it counts, if "
      "its "
      "speaker may say it.";
  result.evidence.push_back({"what answers say",
                             fmt::format("SELECT says, count(*) FROM patch_mail WHERE project_id = {} AND role = "
                                         "'answer' AND sent_at <= {} GROUP BY says ORDER BY 2 DESC",
                                         context.project_id, context.as_of),
                             {}});
  return result;
}

std::vector<Result> analyse_patches(const Context& context) {
  Patches patches(context);
  if (!context.argument("series").empty() || flag_argument(context, "parts")) return {parts_result(context, patches)};
  if (flag_argument(context, "evidence")) return {evidence_result(context, patches)};
  std::vector<Result> results{list_result(context, patches)};
  if (!patches.rows().empty()) results.push_back(evidence_result(context, patches));
  return results;
}

}  // namespace

extern const Analysis patches_analysis;
const Analysis patches_analysis{
    "patches",
    "Patches",
    "Which patches by mail wait, for whom, and what became of the others?",
    {{"state", "STATE",
      "open (without it), all, applied, partly applied, said applied, withdrawn, rejected, superseded, lapsed"},
     {"list", "NAME", "of lists with this in their name"},
     {"limit", "N", "series to list (100)"},
     {"parts", "", "instead, every mail of a series, and what became of it"},
     {"series", "NUMBER", "instead, the mails of that series"},
     {"evidence", "", "only what is said and what the repository shows"}},
    &analyse_patches,
    {groups::kMorning, "Patches by mail: versions, whose turn it is, what was applied, and how that is known",
     "Needs mails (`resident add mbox` or `resident add public-inbox`), and a clone to know what was applied.\n"
     "Example: resident patches --state applied --limit 20"},
    {{"patches", 10}}};

}  // namespace resident
