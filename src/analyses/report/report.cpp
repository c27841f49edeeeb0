#include <fmt/format.h>

#include <algorithm>
#include <analyses/report/report.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <map>
#include <model/queues/turn.hpp>
#include <set>
#include <store/identities.hpp>

namespace resident {

namespace {

constexpr const char* kSections[][2] = {{"Triaged", "issues and others' pull requests"},
                                        {"Reviewed", "pull requests"},
                                        {"Merged", "pull requests"},
                                        {"Authored", "pull requests and commits"},
                                        {"Answered", "issues"}};
enum Section { kTriaged, kReviewed, kMerged, kAuthored, kAnswered, kSectionCount };

class ReportMaker {
 public:
  ReportMaker(const Context& context, const std::string& person)
      : context_(context),
        people_(load_people(context)),
        approval_by_comment_(approves_by_comment(context)),
        policy_(context.config.review, approval_by_comment_) {
    if (!person.empty()) {
      person_ = find_person(context.database, context.project_id, person);
      report_.person = people_.name(person_);
    } else {
      report_.person = "everybody";
    }
  }

  WeeklyReport make(const ReportPeriod& period, std::optional<Timestamp> averages_from) {
    report_.period = period;
    report_.begin = period.begin;
    report_.end = period.end;
    begin_ = averages_from ? start_of_week(*averages_from) : start_of_week(report_.end - 365 * kDay);
    begin_ = std::min(begin_, start_of_week(report_.begin));
    gather();
    for (const auto& [title, counted] : kSections) report_.sections.push_back({title, counted, {}, 0});
    Timestamp first = averages_from ? start_of_week(*averages_from) : start_of_week(report_.begin);
    if (!averages_from && !found_.empty()) first = std::min(first, found_.begin()->first);
    report_.first_week = first;
    report_.is_from_first = !averages_from && !found_.empty() && first == found_.begin()->first;
    report_.told_until = std::clamp(context_.as_of + 1, report_.begin + 1, report_.end);
    const Timestamp last = start_of_week(report_.told_until - 1);
    if (first > last)
      throw Error(ErrorKind::usage,
                  fmt::format("--averages-from: {} is after what is reported", format_date(*averages_from)),
                  "give an earlier day");
    report_.weeks = (last + kWeek - first) / kWeek;
    report_.is_longer = report_.end - report_.begin > kWeek;
    for (std::size_t section = 0; section < kSectionCount; ++section) add_counts(section, first, last);
    for (std::size_t section = 0; section < kSectionCount; ++section)
      for (const auto& [key, what] : here_[section]) report_.sections[section].lines.push_back(line(key, what));
    return report_;
  }

 private:
  void add_counts(std::size_t section, Timestamp first, Timestamp last) {
    ReportSection& made = report_.sections[section];
    std::int64_t total = 0;
    for (Timestamp week = first; week <= last; week += kWeek) {
      const auto found = found_.find(week);
      made.by_week.push_back(found == found_.end() ? 0 : static_cast<std::int64_t>(found->second[section].size()));
      total += made.by_week.back();
    }
    made.average = static_cast<double>(total) / static_cast<double>(report_.weeks);
    made.in_period = static_cast<double>(weekly_here_[section].size()) * kWeek /
                     static_cast<double>(report_.told_until - report_.begin);
  }

  // An item, or a commit by its sha; ordered by number.
  struct Key {
    std::int64_t item_id;
    std::string sha;
    auto operator<=>(const Key&) const = default;
  };
  struct What {
    std::set<std::string> words;
    std::int64_t remarks = 0;  // on the code and in the thread
  };
  using Found = std::array<std::map<Key, What>, kSectionCount>;
  using Week = std::array<std::set<Key>, kSectionCount>;

  bool counts(std::int64_t person) const {
    if (person == 0 || people_.bots.contains(person)) return false;
    return person_ == 0 || person == person_;
  }

  // Counts it in its week; what is of the period is told, too: then where.
  What* place(Section section, Timestamp at, const Key& key) {
    found_[start_of_week(at)][section].insert(key);
    if (at < report_.begin || at >= report_.end) return nullptr;
    weekly_here_[section].emplace(start_of_week(at), key);
    return &here_[section][key];
  }

  void note(Section section, Timestamp at, std::int64_t item_id, const std::string& what, const std::string& sha = {}) {
    if (What* told = place(section, at, {item_id, sha})) told->words.insert(what);
  }

  // A comment or a review by somebody other than the author, by what it decides; else it is a remark.
  void note_review(Timestamp at, std::int64_t item_id, std::int64_t person, std::string_view state,
                   const std::string& body) {
    What* what = place(kReviewed, at, {item_id, {}});
    if (!what) return;
    const std::string decision = decision_of(person, state, body);
    if (!decision.empty())
      what->words.insert(decision);
    else if (state != "commented" || !trim(body).empty())
      ++what->remarks;
  }

  // "" where it decides nothing. state: of a review; "" for a comment.
  std::string decision_of(std::int64_t person, std::string_view state, const std::string& body) const {
    const bool says_ack = approval_by_comment_ && !body.empty() && policy_.is_approval(own_words(body));
    // One who presses the button and writes ACK has approved once.
    if (state == "approved") return says_ack ? "approved (ACK)" : "approved";
    if (state == "changes_requested") return "asked for changes";
    if (body.empty()) return {};
    if (says_ack) return "approved (ACK)";
    const Speech speech = understand(body);
    if (speech.does(SpeechAct::object)) return "objected";
    if (approval_by_comment_ && speech.does(SpeechAct::concept_ack)) return "agreed to the concept (ACK)";
    if (speech.consents() && people_.approvers.contains(person)) return "approved in words";
    return {};
  }

  template <class Each>
  void rows(std::string_view sql, const Each& each) {
    const Parameters parameters{{"project", context_.project_id},
                                {"begin", begin_},
                                {"end", std::min(report_.end, context_.as_of + 1)},
                                {"told", report_.begin}};
    for (const auto result = context_.database.query(sql, parameters); result->next();) each(*result);
  }

  void gather() {
    gather_events();
    gather_reviews();
    gather_own();
  }

  void gather_events() {
    rows(
        "SELECT e.item_id, i.kind, i.author_id, e.actor_id, e.occurred_at, e.kind, e.label, i.merged_at FROM event e "
        "JOIN item i ON "
        "i.project_id = e.project_id AND "
        "i.item_id = e.item_id WHERE e.project_id = :project AND e.occurred_at >= :begin AND e.occurred_at < :end AND "
        "e.kind IN "
        "('labeled', 'unlabeled', 'milestoned', 'demilestoned', 'assigned', 'closed', 'reopened', 'merged', 'renamed', "
        "'marked_as_duplicate', 'transferred', "
        "'converted_to_discussion', 'pinned', 'locked')",
        [&](Rows& row) {
          const std::int64_t actor = people_.person(row.optional_integer(3)),
                             author = people_.person(row.optional_integer(2));
          if (!counts(actor)) return;
          const std::string kind = row.string(5);
          const bool is_pull = row.text(1) == "pull";
          if (kind == "merged")
            return note(kMerged, row.integer(4), row.integer(0), actor == author ? "merged own" : "merged");
          // What one does to one's own is no triage, but for sorting one's own report; nor is the closing that a merge
          // is.
          if (actor == author && (is_pull || kind == "closed" || kind == "reopened" || kind == "renamed")) return;
          if (is_pull && kind == "closed" && !row.is_null(7) && row.integer(7) <= row.integer(4)) return;
          note(kTriaged, row.integer(4), row.integer(0), what_of(kind, row.string(6)));
        });
  }

  // Texts are read of the period that is told, no other.
  void gather_reviews() {
    rows(
        "SELECT r.item_id, r.author_id, r.submitted_at, r.state, i.author_id, CASE WHEN r.submitted_at >= :told THEN "
        "r.body END FROM review r JOIN item i ON i.project_id "
        "= r.project_id AND i.item_id = r.item_id "
        "WHERE r.project_id = :project AND r.submitted_at >= :begin AND r.submitted_at < :end",
        [&](Rows& row) {
          const std::int64_t reviewer = people_.person(row.optional_integer(1));
          if (!counts(reviewer) || reviewer == people_.person(row.optional_integer(4))) return;
          note_review(row.integer(2), row.integer(0), reviewer, row.text(3), row.string(5));
        });
    rows(
        "SELECT c.item_id, c.author_id, c.created_at, c.kind, i.kind, i.author_id, CASE WHEN c.created_at >= :told AND "
        "c.kind <> 'inline' THEN c.body END FROM comment c JOIN item i ON "
        "i.project_id = c.project_id AND i.item_id = c.item_id "
        "WHERE c.project_id = :project AND c.created_at >= :begin AND c.created_at < :end",
        [&](Rows& row) {
          const std::int64_t author = people_.person(row.optional_integer(1));
          if (!counts(author) || author == people_.person(row.optional_integer(5))) return;
          if (row.text(4) == "pull") return note_review(row.integer(2), row.integer(0), author, "", row.string(6));
          if (What* told = place(kAnswered, row.integer(2), {row.integer(0), {}})) ++told->remarks;
        });
  }

  void gather_own() {
    rows(
        "SELECT item_id, author_id, created_at FROM item WHERE project_id = :project AND kind = 'pull' AND created_at "
        ">= :begin AND created_at < :end",
        [&](Rows& row) {
          if (counts(people_.person(row.optional_integer(1))))
            note(kAuthored, row.integer(2), row.integer(0), "opened");
        });
    rows(
        "SELECT item_id, author_id, merged_at FROM item WHERE project_id = :project AND kind = 'pull' AND merged_at >= "
        ":begin AND merged_at < :end",
        [&](Rows& row) {
          if (counts(people_.person(row.optional_integer(1))))
            note(kAuthored, row.integer(2), row.integer(0), "merged");
        });
    // Commits that are not known as part of a pull request.
    rows(
        "SELECT c.sha, c.author_id, c.committed_at FROM git_commit c WHERE c.project_id = :project AND c.on_default = "
        "1 AND c.parent_count < 2 "
        "AND c.committed_at >= :begin AND c.committed_at < :end AND NOT EXISTS (SELECT 1 FROM item_commit l WHERE "
        "l.project_id = c.project_id AND l.sha = c.sha AND l.relation NOT IN ('fixes', 'mentions'))",
        [&](Rows& row) {
          if (counts(people_.person(row.optional_integer(1))))
            note(kAuthored, row.integer(2), 0, "committed", row.string(0));
        });
  }

  static std::string what_of(const std::string& kind, const std::string& label) {
    if (kind == "labeled") return "labelled " + label;
    if (kind == "unlabeled") return "took off " + label;
    if (kind == "milestoned" || kind == "demilestoned") return "set the milestone";
    if (kind == "marked_as_duplicate") return "found to be a duplicate";
    if (kind == "converted_to_discussion") return "made a discussion";
    if (kind == "renamed") return "renamed it";
    return kind;
  }

  // "by somebody" tells nobody anything.
  std::string by(std::int64_t author) const {
    return context_.people_shown == PeopleShown::nobody && !people_.bots.contains(author)
               ? std::string()
               : fmt::format("by {}: ", people_.name(author));
  }

  // A tracker's status and resolution stand as labels: where it is told that it was closed or opened again, they say
  // the same once more.
  static bool says_it_again(const std::string& word, const std::set<std::string>& words) {
    if (!words.contains("closed") && !words.contains("reopened")) return false;
    for (const std::string_view begin : {"labelled ", "took off "})
      for (const std::string_view field : {"status: ", "resolution: "})
        if (word.starts_with(std::string(begin) + std::string(field))) return true;
    return false;
  }

  ReportLine line(const Key& key, const What& what) {
    ReportLine line;
    for (const auto& each : what.words)
      if (!says_it_again(each, what.words)) line.what += (line.what.empty() ? "" : ", ") + each;
    if (what.remarks > 0) line.what += (line.what.empty() ? "" : ", ") + plural(what.remarks, "comment");
    if (!key.sha.empty()) {
      line.kind = "commit";
      const auto result = context_.database.query(
          "SELECT subject, author_id FROM git_commit WHERE project_id = :project AND sha = :sha",
          {{"project", context_.project_id}, {"sha", key.sha}});
      line.title = key.sha;
      if (result->next()) {
        line.title = result->string(0);
        if (const std::int64_t author = people_.person(result->optional_integer(1)); author != 0 && author != person_)
          line.what = by(author) + line.what;
      }
      line.sha = key.sha.substr(0, 10);
      if (!context_.url.empty()) line.url = context_.url + "/commit/" + key.sha;
      return line;
    }
    const auto result = context_.database.query(
        "SELECT number, kind, title, url, author_id FROM item WHERE project_id = :project AND item_id = :item",
        {{"project", context_.project_id}, {"item", key.item_id}});
    if (!result->next()) return line;
    line.number = result->integer(0);
    line.kind = result->string(1);
    line.title = result->string(2);
    line.url = result->is_null(3) ? context_.item_url(line.kind, line.number) : result->string(3);
    // Whose it is, where that is not who the report is of.
    if (const std::int64_t author = people_.person(result->optional_integer(4)); author != 0 && author != person_)
      line.what = by(author) + line.what;
    return line;
  }

  const Context& context_;
  People people_;
  bool approval_by_comment_;
  ReviewPolicy policy_;
  std::int64_t person_ = 0;
  Timestamp begin_ = 0;
  WeeklyReport report_;
  std::map<Timestamp, Week> found_;
  Found here_;                                                                  // of the period
  std::array<std::set<std::pair<Timestamp, Key>>, kSectionCount> weekly_here_;  // each once a week
};

}  // namespace

namespace {

Result ci_result(const Context& context, const WeeklyReport& report, Timestamp as_of) {
  Result result = context.result("report_ci", "Tests and CI",
                                 fmt::format("What became of the main branch's tests this {}?", report.period.word));
  result.as_of = as_of;
  result.columns = {{"what", "What"}, {"test", "Test"}, {"on", "On"}, {"words", "How it stands"}};
  for (const auto& line : report.ci.lines) result.rows.push_back({line.what, line.test, line.on, line.words});
  result.claim = report.ci.sentence(report.period.word);
  result.definition =
      "Of the main branch's complete runs of tests, those in which no test failed. Red at its end: as `resident ci` "
      "says it of that moment; began to flake, mended: the rate of failing at first try changed within it.";
  result.sample_size = report.ci.runs;
  return result;
}

std::string verdict_of(const SpeedSuspicion& event) {
  return event.is_worse ? "worse" : "not worse";
}

Result speed_result(const Context& context, const WeeklyReport& report, Timestamp as_of) {
  Result result =
      context.result("report_speed", "Speed", fmt::format("What became faster or slower this {}?", report.period.word));
  result.as_of = as_of;
  result.columns = {{"commit", "Commit", ColumnType::text, "", "", "url"},
                    {"verdict", "Verdict"},
                    {"words", "What changed"},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  for (const auto& event : report.speed.events)
    result.rows.push_back({event.sha.substr(0, 12), verdict_of(event), event.words(),
                           context.url.empty() ? std::string() : context.url + "/commit/" + event.sha});
  result.claim = report.speed.sentence();
  result.definition =
      "Events that `resident speed` finds as of the end of what is told and did not find as of its begin; each with "
      "the "
      "series that changed most, its size and 95 % interval.";
  result.sample_size = report.speed.runs;
  return result;
}

}  // namespace

std::vector<Result> report_results(const Context& context, const WeeklyReport& report) {
  const std::string week = fmt::format("{} to {}", format_date(report.begin), format_date(report.end - 1));
  std::string title = report.period.word;
  title.front() = static_cast<char>(title.front() - 'a' + 'A');
  Result summary = context.result("report_summary", fmt::format("{} of {}: {}", title, report.person, week),
                                  fmt::format("What was done this {}, and how does it compare?", report.period.word));
  summary.as_of = std::min(context.as_of, report.end - 1);
  if (summary.data_until) summary.data_until = std::min(*summary.data_until, summary.as_of);
  summary.columns = {{"section", "Section", ColumnType::text},
                     {"count", "This " + report.period.word, ColumnType::integer, "items"},
                     {"average", "Weekly average", ColumnType::number, "items per week",
                      "over the weeks so far, the last one included"}};
  if (report.is_longer)
    summary.columns.insert(summary.columns.end() - 1,
                           {"in_period", "A week in it", ColumnType::number, "items per week",
                            "of the " + report.period.word + ", counted as the average is: each item once a week"});
  Result lines = summary;
  lines.name = "report_items";
  lines.title = "Items of the " + report.period.word;
  lines.question = "Which items were they?";
  lines.columns = {{"section", "Section", ColumnType::text},
                   {"number", "Item", ColumnType::item, "", "", "url"},
                   {"title", "Title", ColumnType::text},
                   {"what", "What", ColumnType::text},
                   {"kind", "Kind", ColumnType::text, "", "", "", true},
                   {"url", "Address", ColumnType::url, "", "", "", true}};
  for (const auto& section : report.sections) {
    summary.rows.push_back({section.title, static_cast<std::int64_t>(section.lines.size())});
    if (report.is_longer) summary.rows.back().emplace_back(std::round(section.in_period * 10) / 10);
    summary.rows.back().emplace_back(std::round(section.average * 10) / 10);
    summary.claim +=
        fmt::format("{}{} {}", summary.claim.empty() ? "" : ", ", to_lower(section.title), section.lines.size());
    for (const auto& line : section.lines)
      lines.rows.push_back({section.title, line.number ? Cell(line.number) : Cell(), line.title,
                            line.sha.empty() ? line.what : line.what + " " + line.sha, line.kind, line.url});
  }
  summary.claim = fmt::format("{}, {}: {}.", report.person, week, summary.claim);
  lines.claim = fmt::format("{} in all.", plural(static_cast<long long>(lines.rows.size()), "entry", "entries"));
  summary.definition = fmt::format(
      "Each item counts once a section and week. Triaged: issues and others' pull requests labelled, milestoned, "
      "assigned, renamed, closed or reopened (own reports closed do not count, nor pull requests merged). "
      "Reviewed: others' pull requests reviewed or commented on, with what was decided, also in words, and the number "
      "of other comments. Merged: by this person. Authored: pull requests "
      "opened or merged, and commits outside of any. "
      "Answered: others' issues commented on. {}",
      averages_sentence(report));
  summary.sample_size = static_cast<std::int64_t>(lines.rows.size());
  std::vector<Result> results{summary, lines};
  if (!report.ci.is_empty()) results.push_back(ci_result(context, report, summary.as_of));
  if (!report.speed.is_empty()) results.push_back(speed_result(context, report, summary.as_of));
  return results;
}

namespace {

// --week, --month, --quarter or --since, one of them; the last whole week without any.
ReportPeriod asked_period(const Context& context) {
  const std::string month = context.argument("month"), quarter = context.argument("quarter");
  const auto week = time_argument(context, "week"), since = time_argument(context, "since");
  if (static_cast<int>(!month.empty()) + static_cast<int>(!quarter.empty()) + static_cast<int>(week.has_value()) +
          static_cast<int>(since.has_value()) >
      1)
    throw Error(ErrorKind::usage, "--week, --month, --quarter and --since exclude each other", "give one of them");
  if (!month.empty()) return parse_month(month);
  if (!quarter.empty()) return parse_report_quarter(quarter);
  if (since) return days_since(*since, context.as_of);
  return week_of(week ? *week : context.as_of - kWeek);
}

std::vector<Result> analyse_report(const Context& context) {
  return report_results(context, asked_report(context));
}

}  // namespace

WeeklyReport asked_report(const Context& context) {
  return report_of(context, context.argument("person", context.config.me), asked_period(context),
                   time_argument(context, "averages-from"));
}

WeeklyReport report_of(const Context& context, const std::string& person, const ReportPeriod& period,
                       std::optional<Timestamp> averages_from) {
  WeeklyReport report = ReportMaker(context, person).make(period, averages_from);
  report.ci = ci_of_period(context, report.begin, report.end);
  report.speed = speed_of_period(context, report.begin, report.end);
  return report;
}

WeeklyReport weekly_report(const Context& context, const std::string& person, std::optional<Timestamp> week,
                           std::optional<Timestamp> since) {
  return report_of(context, person, week_of(week ? *week : context.as_of - kWeek), since);
}

std::string report_sentence(const WeeklyReport& report) {
  std::string done, not_done;
  for (const auto& section : report.sections) {
    const std::string word = to_lower(section.title);
    if (section.lines.empty())
      not_done += (not_done.empty() ? "" : ", ") + word;
    else
      done += fmt::format("{}{} {}", done.empty() ? "" : ", ", word,
                          with_thousands(static_cast<long long>(section.lines.size())));
  }
  if (done.empty()) return fmt::format("Nothing is known to have been done in this {}.", report.period.word);
  done.front() = static_cast<char>(done.front() - 'a' + 'A');
  return done + (not_done.empty() ? "." : fmt::format("; nothing {}.", not_done));
}

std::string averages_sentence(const WeeklyReport& report) {
  const std::string last = format_date(report.told_until - 1);
  return fmt::format("{}Averages are per week, over the {} from {}{} to {}; each item counts once in a week.",
                     report.told_until < report.end
                         ? fmt::format("The {} is not over: what is told reaches to {}. ", report.period.word, last)
                         : std::string(),
                     plural(report.weeks, "week"), format_date(report.first_week),
                     report.is_from_first ? " (the first activity in the year before)" : "", last);
}

std::string report_line(const ReportLine& line, std::string (*escape)(std::string_view)) {
  std::string url;
  for (const char c : safe_url(line.url))  // what could end the link, or begin something else
    url += std::string_view("()<>{}[]`|\\ ").find(c) == std::string_view::npos
               ? std::string(1, c)
               : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  const std::string name = line.number ? fmt::format("#{}", line.number) : line.sha;
  const std::string shown = url.empty() ? line.number ? "\\" + name : name : fmt::format("[{}]({})", name, url);
  return fmt::format("- {} – {} ({})\n", shown, escape(line.title), escape(line.what));
}

std::string report_table(const WeeklyReport& report) {
  std::string text, none;
  std::size_t all = 0, rows = 0;
  double averages = 0, in_period = 0;
  for (const auto& section : report.sections) {
    if (!section.lines.empty()) {
      all += section.lines.size();
      averages += section.average, in_period += section.in_period;
      ++rows;
    }
    if (section.lines.empty())
      none += fmt::format("{}{} ({:.1f} a week on average)", none.empty() ? "" : ", ", to_lower(section.title),
                          section.average);
    else
      text += fmt::format("| {} | {} | {} |{} {:.1f} |\n", section.title, section.counted, section.lines.size(),
                          report.is_longer ? fmt::format(" {:.1f} |", section.in_period) : "", section.average);
  }
  if (rows > 1)
    text += fmt::format("| Together | | {} |{} {:.1f} |\n", all,
                        report.is_longer ? fmt::format(" {:.1f} |", in_period) : "", averages);
  if (!text.empty())
    text = fmt::format("| Section | Counted are | This {} |{} A week, on average |\n|---|---|---:|{}---:|\n{}",
                       report.period.word, report.is_longer ? " A week in it |" : "", report.is_longer ? "---:|" : "",
                       text);
  if (!none.empty()) text += fmt::format("{}None: {}.\n", text.empty() ? "" : "\n", none);
  return text;
}

std::string report_markdown(const Context& context, const WeeklyReport& report, std::size_t most) {
  std::string text = fmt::format(
      "# {}: {}\n\n", report.person == "everybody" ? "Everybody" : escape_markdown(report.person), report.period.name);
  if (context.simulated) text += "*Simulated data.*\n\n";
  text += fmt::format("{}\n\n{}\n{} Project {}.\n", report_sentence(report), report_table(report),
                      averages_sentence(report), escape_markdown(context.project));
  for (const auto& section : report.sections) {
    if (section.lines.empty()) continue;
    text +=
        fmt::format("\n## {} ({})\n\n", section.title, with_thousands(static_cast<long long>(section.lines.size())));
    const std::size_t shown = std::min(section.lines.size(), most);
    for (std::size_t i = 0; i < shown; ++i) text += report_line(section.lines[i], escape_markdown);
    if (shown < section.lines.size())
      text += fmt::format("\nand {} more.\n", with_thousands(static_cast<long long>(section.lines.size() - shown)));
  }
  if (!report.ci.is_empty()) {
    text += fmt::format("\n## Tests and CI\n\n{}\n", report.ci.sentence(report.period.word));
    for (std::size_t i = 0; i < report.ci.lines.size(); ++i) {
      const auto& line = report.ci.lines[i];
      text += fmt::format("{}- {}: {} on {}: {}\n", i == 0 ? "\n" : "", line.what, escape_markdown(line.test),
                          escape_markdown(line.on), escape_markdown(line.words));
    }
  }
  if (!report.speed.is_empty()) {
    text += fmt::format("\n## Speed\n\n{}\n", report.speed.sentence());
    for (std::size_t i = 0; i < report.speed.events.size(); ++i) {
      const auto& event = report.speed.events[i];
      text += fmt::format("{}- {} ({}) – {}\n", i == 0 ? "\n" : "", event.sha.substr(0, 12), verdict_of(event),
                          escape_markdown(event.words()));
    }
  }
  return text;
}

extern const Analysis report_analysis;
const Analysis report_analysis{
    "report",
    "Weekly report",
    "What was done this week, and how does it compare?",
    {{"person", "NAME", "whose week; without it, everybody's"},
     {"week", "DATE", "a day of the week; without any of these, the last whole week"},
     {"month", "MONTH", "a month instead, as 2026-07"},
     {"quarter", "QUARTER", "a quarter instead, as 2026Q3"},
     {"since", "DATE", "all days from then on instead"},
     {"averages-from", "DATE", "where the averages begin; without it, the first activity in the year before"}},
    analyse_report};

}  // namespace resident
