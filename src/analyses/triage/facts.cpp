#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/triage/facts.hpp>
#include <analyses/triage/mentions.hpp>
#include <analyses/triage/past.hpp>
#include <analyses/triage/reported.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <learn/module_experts.hpp>
#include <map>
#include <store/moves.hpp>
#include <unordered_set>

namespace resident {

namespace {

const Pattern& trace_pattern() {
  static const Pattern trace(
      R"(Traceback \(most recent call last\)|(?m)^\s+at \S+\(.*:\d+\)|Segmentation fault|panicked at)");
  return trace;
}

constexpr std::size_t kMentions = 5;
constexpr std::size_t kReadText = 20000;  // bytes of a text that rules look at
constexpr std::int64_t kManyReactions = 5, kManyPeople = 5;
constexpr std::size_t kLongForNewcomers = 3000;

// A traceback, an error message or a word of failure: what is asked of a report of a bug is not asked of a wish.
bool reports_failure(const std::string& title, const std::string& body) {
  static const Pattern failure(
      R"((?i)\b(?:bug|crash\w*|segfault\w*|segmentation fault|fail(?:s|ed|ing|ure)?|broken|breaks|error|exception|traceback|hang[s]?|wrong|incorrect\w*|regression|(?:does ?n[o']t|not|no longer) work\w*)\b)");
  return failure.found_in(title) || trace_pattern().found_in(body) ||
         failure.found_in(std::string_view(body).substr(0, 600));
}

bool is_wish_or_question(const std::string& title) {
  static const Pattern pattern(
      R"((?i)^\W*(?:add|support|allow|implement|provide|feature|proposal|how |why |what |is it possible|rfc|enhancement|consider|improve)\b)");
  return pattern.found_in(title);
}

std::string sentence_around(std::string_view text, std::size_t begin, std::size_t end) {
  const auto is_end = [&](std::size_t i) {
    return text[i] == '\n' || (text[i] == '.' && i + 1 < text.size() && text[i + 1] == ' ');
  };
  while (begin > 0 && !is_end(begin - 1) && end - begin < 240) --begin;
  while (end < text.size() && !is_end(end) && end - begin < 240) ++end;
  return one_line(clean_text(trim(text.substr(begin, end - begin)), 240));
}

}  // namespace

std::vector<std::string> missing_information(const std::string& title, const std::string& whole_body) {
  const std::string body = without_blank_fields(std::string_view(whole_body).substr(0, kReadText));
  std::vector<std::string> missing;
  if (!reports_failure(title, body) || is_wish_or_question(title)) return missing;
  static const Pattern version(
      R"((?i)\bv?\d+\.\d+|\bversion\W{0,5}\w*\d|\b(?:master|main|HEAD|trunk|nightly)\b|\b[0-9a-f]{10,40}\b)"),
      code(R"((?s)```.{10,}?```|(?m)^(?: {4}|\t)\S)"),
      steps(
          R"((?i)steps? to reproduce|reproduc\w+|repro\b|(?m)^\s*1[.)] |\bto (?:trigger|get) (?:it|this)|\bminimal\b.{0,20}\b(?:example|case)|(?m)^\s*(?:>>>|\$ )\S)");
  const std::string both = title + "\n" + body;
  if (!version.found_in(both)) missing.emplace_back("no version");
  const bool has_trace = trace_pattern().found_in(body);
  std::string without_traces = body;
  static const Pattern traced_block(
      R"((?s)```[^`]*?(?:Traceback \(most recent call last\)|Segmentation fault|panicked at)[^`]*?```)");
  traced_block.replace_all(without_traces, " ");
  const bool has_code = code.found_in(without_traces), has_steps = steps.found_in(without_traces);
  if (has_trace && !has_code && !has_steps)
    missing.emplace_back("a traceback, but not the code that led to it");
  else if (!has_code && !has_steps)
    missing.emplace_back("no way to reproduce it");
  return missing;
}

std::string worked_before(const std::string& title, const std::string& body) {
  static const Pattern pattern(
      R"((?i)\b(?:work(?:ed|s) (?:fine |well |correctly |ok(?:ay)? |as expected |perfectly )?(?:in|with|on|before|until|under) (?:the )?(?:v|version |release )?(?:\d+(?:\.\d+)*|previous|older|earlier|last)|used to work|(?:is|was|a|this) regression|regress(?:ed|ion) (?:in|since|from)|stopped working|(?:since|after) (?:upgrad|updat)\w+|broke(?:n)? (?:in|since|by|with) (?:v|version )?\d)\b)");
  const std::string text = title + "\n" + own_words(body.substr(0, kReadText));
  std::string_view found[1];
  if (!pattern.search(text, 0, Pattern::Anchor::none, found)) return {};
  const auto begin = static_cast<std::size_t>(found[0].data() - text.data());
  return sentence_around(text, begin, begin + found[0].size());
}

bool sounds_small(const std::string& title, const std::string& body) {
  static const Pattern small(
      R"((?i)\b(?:typo|docstring|documentation|docs?|readme|example|error message|spelling|rename|deprecat\w+|missing test|add (?:a )?tests?|trivial|easy fix)\b)");
  return small.found_in(title) && body.size() < kLongForNewcomers;
}

struct TriageAdvisor::Parts {
  Parts(const Context& of, bool is_without_learnt, Threads kept_threads)
      : context(of),
        without_learnt(is_without_learnt),
        threads(kept_threads),
        queue(triage_queue(of, nullptr, kept_threads)),
        suggester(of),
        similar(of) {
    mentions = load_mentions(context);
    open_mentions = load_open_mentions(context);
    first_lives = load_first_lives(context.database, context.project_id, context.as_of);
    Parameters many{{"project", context.project_id}, {"many", kManyReactions}};
    for (const auto rows = context.database.query(
             "SELECT item_id, reaction_count FROM item WHERE project_id = :project AND reaction_count >= :many", many);
         rows->next();)
      reactions_of[rows->integer(0)] = rows->integer(1);
  }

  const Context& context;
  bool without_learnt;
  Threads threads;
  TriageQueue queue;
  labels::LabelSuggester suggester;
  SimilarIssues similar;
  Mentions mentions, open_mentions;
  std::unordered_map<std::int64_t, FirstLife> first_lives;
  std::map<std::int64_t, std::int64_t> reactions_of;  // the same, of those with many
  std::unique_ptr<ModuleMap> modules;
  ModuleNames names;
  std::unique_ptr<PastModules> past;  // in place of both, where the default branch has gone on since
  std::optional<std::unordered_map<std::string, std::vector<std::int64_t>>> experts;  // by module
  std::optional<std::unordered_set<std::int64_t>> assigned;

  // An item and what it was in the tracker that the project left are no two reports.
  bool is_same_in_two_lives(std::int64_t a, std::int64_t b) const {
    const auto is_of = [&](std::int64_t item, std::int64_t first) {
      const auto found = first_lives.find(item);
      return found != first_lives.end() && found->second.project_id == context.project_id &&
             found->second.item_id == first;
    };
    return is_of(a, b) || is_of(b, a);
  }

  void place(const OpenItem& item, TriageFacts& facts) {
    if (!modules && !past) {
      if (branch_went_on(context)) {
        past = std::make_unique<PastModules>(context, PastArrivals(context));
        past->go_exactly_to(context.as_of);
      } else {
        modules = std::make_unique<ModuleMap>(context);
        names.learn(*modules);
      }
    }
    const auto found = (past ? past->names() : names).find(item.title, item.body);
    if (!found) return;
    facts.module = found->module;
    facts.module_why = found->why;
    if (!experts) experts = living_experts(context, queue.people, past ? past->map() : *modules);
    if (const auto known = experts->find(facts.module); known != experts->end())
      for (const auto person : known->second) facts.experts.push_back(queue.people.name(person));
  }

  // Somebody is assigned, or an open pull request says that it closes it.
  bool is_taken(const OpenItem& item, const TriageFacts& facts) {
    if (!assigned) assigned = assigned_items(context);
    return assigned->contains(item.id) ||
           std::any_of(facts.pulls.begin(), facts.pulls.end(), [](const Mention& each) { return each.closes; });
  }

  void find_signals(const TriageEntry& entry, TriageFacts& facts) {
    const OpenItem& item = entry.item;
    const auto counted = reactions_of.find(item.id);
    const std::int64_t reactions = counted == reactions_of.end() ? 0 : counted->second;
    if (reactions >= kManyReactions) facts.signals.push_back(fmt::format("{} reactions", reactions));
    if (const auto found = similar.duplicate_counts().find(item.id); found != similar.duplicate_counts().end())
      facts.signals.push_back(fmt::format("{} marked as duplicates of it", found->second));
    if (entry.commenters >= kManyPeople)
      facts.signals.push_back(fmt::format("{} people take part", entry.commenters + 1));
    if (std::string label; has_label(item, context.config.triage.urgent_labels, &label))
      facts.signals.push_back(fmt::format("labelled “{}”", label));
    if (!item.milestone.empty()) facts.signals.push_back(fmt::format("milestone {}", one_line(item.milestone)));
    static const Pattern security(
        R"((?i)\bCVE-\d{4}-\d+|\bvulnerabilit\w+|\bexploitable\b|\bsecurity (?:issue|bug|hole|vulnerability)|\bremote code execution\b)");
    if (security.found_in(item.title) || security.found_in(item.body.substr(0, kReadText)))
      facts.signals.push_back(
          "it speaks of a vulnerability: see the project's security policy before answering in public");
  }

  void propose(const TriageEntry& entry, TriageFacts& facts) {
    for (const auto& each : facts.labels)
      facts.proposals.push_back(
          {"label", each.label, fmt::format("{:.0f} % by its words: {}", 100 * each.probability, each.why)});
    if (!facts.duplicates.empty()) {
      const auto& first = facts.duplicates.front();
      facts.proposals.push_back(
          {"comment", fmt::format("This looks like the same as #{}. Is it? If so, let us go on there.", first.number),
           fmt::format("probably a duplicate ({:.0f} %)", 100 * first.probability)});
    }
    const bool fixed =
        std::any_of(facts.mentions.begin(), facts.mentions.end(), [](const auto& each) { return each.closes; });
    if (fixed) {
      const auto by =
          std::find_if(facts.mentions.begin(), facts.mentions.end(), [](const auto& each) { return each.closes; });
      const std::string name = by->what.substr(0, by->what.find(':'));
      facts.proposals.push_back(
          {"comment",
           fmt::format(
               "{} of {} says that it fixes this. Can you confirm that it is mended, so that this can be closed?", name,
               format_date(by->at)),
           fmt::format("{} claims to fix it", name)});
    }
    if (!facts.missing.empty() && entry.by_outsider && entry.state == TriageState::unanswered) {
      std::vector<std::string> asks;
      for (const auto& each : facts.missing)
        asks.push_back(each == "no version" ? "which version is this about"
                                            : "what is the smallest piece of code, or the steps, that shows it");
      facts.proposals.push_back(
          {"comment",
           fmt::format("Thank you for the report. To be able to look into it: {}?", fmt::join(asks, ", and ")),
           fmt::format("{}", fmt::join(facts.missing, "; "))});
    }
    if (entry.state == TriageState::stale && entry.by_outsider && facts.signals.empty())
      facts.proposals.push_back(
          {"comment",
           fmt::format("Nobody has written here since {}. Is this still so with the current version? If nobody can say "
                       "within {} days, we will close it; it can be opened again at any time.",
                       format_date(entry.since), kWarningDays),
           fmt::format("stale for more than {} days; a fair warning first", context.config.triage.stale_days)});
  }

  static constexpr int kWarningDays = 30;
};

TriageAdvisor::TriageAdvisor(const Context& context, bool without_learnt, Threads threads)
    : parts_(std::make_unique<Parts>(context, without_learnt, threads)) {}
TriageAdvisor::~TriageAdvisor() = default;

void TriageAdvisor::save() {
  parts_->suggester.save();
  parts_->similar.save();
}

const TriageQueue& TriageAdvisor::queue() const {
  return parts_->queue;
}

const TriageEntry& TriageAdvisor::find(std::int64_t number) const {
  for (const auto& entry : parts_->queue.entries)
    if (entry.item.number == number) return entry;
  throw no_such_item(parts_->context, "issue", number);
}

TriageEntry TriageAdvisor::with_text(const TriageEntry& entry) const {
  TriageEntry full = entry;
  if (parts_->threads == Threads::kept || !full.item.body.empty()) return full;
  const auto row =
      parts_->context.database.query("SELECT body FROM item WHERE project_id = :project AND item_id = :item",
                                     {{"project", parts_->context.project_id}, {"item", entry.item.id}});
  if (row->next()) full.item.body = row->string(0);
  return full;
}

TriageFacts TriageAdvisor::facts(const TriageEntry& entry) {
  return parts_->threads == Threads::kept || !entry.item.body.empty() ? facts_with_text(entry)
                                                                      : facts_with_text(with_text(entry));
}

TriageFacts TriageAdvisor::facts_with_text(const TriageEntry& entry) {
  TriageFacts facts;
  const OpenItem& item = entry.item;
  const double from = parts_->context.config.triage.suggest_from / 100.0;
  if (!parts_->without_learnt) facts.labels = parts_->suggester.suggest(item.id, item.title, item.body, item.labels);
  for (auto& each :
       parts_->without_learnt ? std::vector<SimilarItem>() : parts_->similar.find(item.id, item.title, item.body)) {
    if (parts_->is_same_in_two_lives(item.id, each.item_id)) continue;
    if (each.probability >= from)
      facts.duplicates.push_back(std::move(each));
    else if (each.score >= kLikelyScore)
      facts.similar.push_back(std::move(each));
  }
  facts.missing = missing_information(item.title, item.body);
  if (const auto found = parts_->open_mentions.find(item.number); found != parts_->open_mentions.end())
    for (const Mention& each : found->second)
      if (facts.pulls.size() < kMentions) facts.pulls.push_back(each);
  if (const auto found = parts_->mentions.find(item.number); found != parts_->mentions.end())
    for (auto each = found->second.rbegin(); each != found->second.rend() && facts.mentions.size() < kMentions; ++each)
      if (each->at >= item.opened_at) facts.mentions.push_back(*each);
  facts.worked_before = worked_before(item.title, item.body);
  parts_->place(item, facts);
  parts_->find_signals(entry, facts);
  if (std::string label; has_label(item, parts_->context.config.triage.newcomer_labels, &label))
    facts.newcomer = fmt::format("labelled “{}”", label);
  else if (facts.mentions.empty() && sounds_small(item.title, item.body))
    facts.newcomer = "its title sounds small, and nobody has begun it";
  // Whatever its label says: somebody is at it.
  if (parts_->is_taken(item, facts)) facts.newcomer.clear();
  parts_->propose(entry, facts);
  return facts;
}

}  // namespace resident
