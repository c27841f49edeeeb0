#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <model/threads.hpp>
#include <store/id_lists.hpp>
#include <store/moves.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::size_t kJudgedBytes = 6000;   // of an opening text; the question stands in it, or in the title
constexpr std::size_t kLastWordBytes = 600;  // of a reply; longer ones are no mere thanks

// What is said in passing, or filled into a form, asks nothing.
bool is_announcement(std::string_view title) {
  static const Pattern pattern(
      R"((?i)^\W*(?:re:|fwd?:)?\s*(?:\[(?:patch|ann(?:ounce(?:ment)?)?|release|rfc|pull|git pull|cfp|meeting|bug|feature(?: request)?|rfe)\b|ann(?:ounce)?\b|(?:released?|announcing|introducing)\b))");
  return pattern.found_in(title);
}

bool title_asks(std::string_view title) {
  static const Pattern marked(
      R"((?i)^\W*(?:re:\s*)?[\[(<]?\s*(?:question|help(?: wanted| needed)?|q&a|support|how[- ]?to|usage)\b\s*[\])>:-])");
  static const Pattern interrogative(
      R"((?i)^\W*(?:\[[^\]]*\]\s*|[\w ]{1,20}:\s*)?(?:how\s+(?:to|do|does|can|could|should|would|is|are|many|much|long|about|come)\b|how\?|why\b|what(?:'s| is| are| does| do| would| should| if)\b|where\b|which\b|who\b|is (?:it|there|this|that)\b|are there\b|can (?:i|we|you|someone|anyone|somebody)\b|could (?:i|we|you|someone|anyone)\b|do (?:i|we|you)\b|does (?:anyone|any|it|this)\b|should (?:i|we)\b|(?:any(?:one|body)?|some(?:one|body)?) (?:way|idea|plans?|know|knows|help|advice|examples?|chance)\b|(?:need|looking for|seeking|request(?:ing)? for) (?:some )?(?:help|advice|guidance|clarification|support)\b|trouble\b|(?:question|help|confus|clarif)\w*\b))");
  const std::string_view end = trim(title);
  return end.ends_with("?") || end.ends_with("？") || marked.found_in(title) || interrogative.found_in(title);
}

bool is_report_form(std::string_view body) {
  static const Pattern pattern(
      R"((?i)(?:steps? to reproduce|how to reproduce|reproduction steps|expected (?:behaviou?r|result|output)|actual (?:behaviou?r|result|output)|current (?:behaviou?r|status)|describe the bug|bug description|is your feature request|feature (?:request|description)|describe the solution|proposed solution|proposal\b|minimal repro|reproducible|repro steps|standalone code|issue type\W+bug|version:\W))");
  return pattern.found_in(body);
}

bool body_asks(std::string_view words) {
  static const Pattern pattern(
      R"((?i)(?:\bhow (?:do|can|could|should|would|to|does) (?:i|we|one|you)?\b|\bis there (?:a|any|some) (?:way|chance|plan|option|possibility|example|documentation)|\bis it (?:possible|ok|safe|correct|normal|expected)|\b(?:any|some|please|would appreciate|need(?: some)?|can (?:some|any)(?:one|body)) (?:help|advice|idea|ideas|suggestions?|guidance|pointers?|hints?|explain|tell)\b|\bi(?:'m| am| was)? (?:wonder(?:ing)?|confused|not sure|unsure|curious|having trouble|stuck)|\bdoes (?:any(?:one|body)|it|this) (?:know|mean|have|support)|\bwhat(?:'s| is| are) the (?:best|right|correct|recommended|proper|difference|reason|purpose|meaning)|\bcould (?:you|some(?:one|body)|any(?:one|body)) (?:please )?(?:explain|tell|help|clarify|point)|\b(?:my|a|quick|following|some) questions?\b|\bhow come\b|\bwhat am i (?:doing|missing)|\bthanks in advance\b))");
  return pattern.found_in(words);
}

// Whether a sentence of it ends in a question mark; those in addresses do not count.
bool has_question_mark(std::string_view words) {
  static const Pattern pattern(R"re([\p{L}\d)"'`\]]\s?[?？]+(?:\s|$))re");
  return pattern.found_in(words);
}

std::vector<std::string> tags_of(std::string_view joined) {
  std::vector<std::string> result;
  for (const auto part : split(joined, ','))
    if (!trim(part).empty()) result.emplace_back(trim(part));
  return result;
}

// "+1", "Same here", "Me too, on 2.0", "Any update on this?" of somebody else: one more waits, and nobody answers.
bool only_joins(std::string_view body) {
  constexpr std::size_t kLongest = 80;
  static const Pattern kJoins(
      R"((?i)^\W*(?:\+\s?1|:\+1:|:thumbsup:|👍|same (?:here|issue|problem|question|error|for me)|me too|i(?: also|['’]m also)? (?:have|had|see|get) the same (?:issue|problem|question|error)|i(?:['’]m| am) (?:also )?(?:seeing|having|facing|getting|experiencing) (?:this|the same|it)|following(?: this)?|subscribing|bump|any (?:updates?|news|progress|eta)(?: (?:on|about|for|here)\b[^.?!]*)?)(?:[\s,!.?:;)(+👍-]|$)[^?\n]*\??\s*$)");
  static const Pattern kHelps(
      R"((?i)\b(?:use|using|try|set|run|see|fix\w*|works?|worked|add|install|upgrad\w+|because|should|you|workaround)\b|https?:|`|#\d)");
  const std::string words = own_words(body);
  const std::string_view text = trim(words);
  return !text.empty() && text.size() <= kLongest && kJoins.found_in(text) && !kHelps.found_in(text);
}

// "Never mind, I found it in the manual."
bool answers_own_question(std::string_view body) {
  static const Pattern kFound(
      R"((?i)\b(?:never ?mind|nvm|found (?:it|the (?:answer|solution|problem|cause|reason))|solved(?: it)?|figured (?:it )?out|my (?:bad|mistake|fault)|works now)\b)");
  constexpr std::size_t kLongest = 400;
  const std::string words = own_words(body);
  return words.size() <= kLongest && words.find('?') == std::string::npos && kFound.found_in(words);
}

class Loader {
 public:
  Loader(const Context& context, const People& people, const ThreadWishes& wishes)
      : context_(context), people_(people), wishes_(wishes) {}

  std::vector<ThreadSummary> load() {
    if (wishes_.channels) load_channels();
    if (wishes_.issues) load_issues();
    std::erase_if(threads_, [&](const ThreadSummary& thread) { return wishes_.only_open && !thread.is_open; });
    std::sort(threads_.begin(), threads_.end(), [](const ThreadSummary& a, const ThreadSummary& b) {
      return std::tie(a.asked_at, a.kind, a.key) < std::tie(b.asked_at, b.kind, b.key);
    });
    threads_.shrink_to_fit();  // some callers keep them for long
    return std::move(threads_);
  }

 private:
  template <class Each>
  void each(std::string_view sql, const Each& take) {
    for (const auto rows = context_.database.query(sql, context_.parameters()); rows->next();) take(*rows);
  }

  void begin(ThreadSummary& thread, std::optional<std::int64_t> author) {
    thread.asker = people_.person(author);
    thread.asker_is_bot = people_.bots.contains(thread.asker);
    thread.last_at = thread.waiting_since = thread.asked_at;
    thread.last_by = thread.asker;
  }

  // Posts of a thread come in order of time.
  void add(ThreadSummary& thread, std::optional<std::int64_t> author, Timestamp at, std::string_view body) {
    const std::int64_t person = people_.person(author);
    if (people_.bots.contains(person)) return;
    ++thread.posts;
    const bool by_asker = person == thread.asker;
    if (!by_asker && only_joins(body)) return;
    if (by_asker && thread.replies == 0 && answers_own_question(body)) thread.state = ThreadState::thanked;
    if (!by_asker) {
      ++thread.replies;
      if (!thread.first_reply_at) thread.first_reply_at = at, thread.first_replier = person;
      thread.state = ThreadState::replied;
    } else if (thread.replies > 0) {
      if (thread.state != ThreadState::asker_waits) thread.waiting_since = at;
      thread.state = sounds_settled(body) ? ThreadState::thanked : ThreadState::asker_waits;
    }
    thread.last_at = at;
    thread.last_by = person;
  }

  void settle(std::size_t first) {
    for (std::size_t i = first; i < threads_.size(); ++i)
      if (threads_[i].answered_at) threads_[i].state = ThreadState::answered;
  }

  void load_channels() {
    const std::size_t first = threads_.size();
    std::unordered_map<std::string, std::size_t> index;
    each(
        "SELECT t.thread_key, t.kind, t.channel, t.number, t.title, t.author_id, t.created_at, t.closed_at, "
        "t.answered_at, t.is_question, t.tags, t.url, p.body FROM thread t LEFT JOIN post p ON p.project_id = "
        "t.project_id AND p.thread_key = t.thread_key AND p.position = 0 WHERE t.project_id = :project AND "
        "t.created_at <= :as_of ORDER BY t.thread_key",
        [&](Rows& row) {
          ThreadSummary thread;
          thread.key = row.string(0);
          thread.kind = row.string(1);
          thread.channel = row.string(2);
          // A forum's topics have numbers that nobody says: "#2" would be taken for the issue.
          if (thread.kind == "discussion") thread.number = row.optional_integer(3);
          thread.title = row.string(4);
          thread.asked_at = row.integer(6);
          thread.is_open = row.is_null(7) || row.integer(7) > context_.as_of;
          if (!row.is_null(8) && row.integer(8) <= context_.as_of) thread.answered_at = row.integer(8);
          thread.tags = tags_of(row.text(10));
          thread.url = row.string(11);
          thread.body = row.string(12);
          if (!row.is_null(9))
            thread.question = {row.integer(9) == 1, "the channel says so"};
          else if (wishes_.questions)
            thread.question = judge_question(thread.title, thread.body, thread.tags);
          begin(thread, row.optional_integer(5));
          if (index.emplace(thread.key, threads_.size()).second) threads_.push_back(std::move(thread));
        });
    each(fmt::format("SELECT thread_key, author_id, created_at, substr(body, 1, {}) FROM post WHERE project_id = "
                     ":project AND position > 0 AND created_at <= :as_of ORDER BY thread_key, created_at, position",
                     kLastWordBytes + 1),
         [&](Rows& row) {
           if (const auto found = index.find(row.string(0)); found != index.end())
             add(threads_[found->second], row.optional_integer(1), row.integer(2), row.text(3));
         });
    settle(first);
  }

  void load_issues() {
    const std::size_t first = threads_.size();
    std::unordered_map<std::int64_t, std::size_t> index;
    // In two halves, each of which is a stretch of an index.
    const std::string_view only_open =
        wishes_.only_open ? " AND i.item_id IN (SELECT item_id FROM item_interval WHERE project_id = :project AND "
                            "closed_at IS NULL AND opened_at <= :as_of UNION ALL SELECT item_id FROM item_interval "
                            "WHERE project_id = :project AND closed_at > :as_of AND opened_at <= :as_of)"
                          : "";
    // Who asked can say nothing more in a locked one, and the others were told to leave it: nobody waits there.
    each(fmt::format(
             "SELECT i.item_id, i.number, i.title, i.author_id, i.created_at, i.url, i.body, (SELECT count(*) "
             "FROM item_interval v WHERE v.project_id = i.project_id AND v.item_id = i.item_id AND "
             "v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of)), CASE WHEN i.is_locked = 1 "
             "AND NOT EXISTS (SELECT 1 FROM event l WHERE l.project_id = i.project_id AND l.item_id = "
             "i.item_id AND l.kind = 'locked' AND l.occurred_at > :as_of) THEN 1 ELSE 0 END FROM item i WHERE "
             "i.project_id = :project AND i.kind = 'issue' AND i.created_at <= :as_of{} ORDER BY i.item_id",
             only_open),
         [&](Rows& row) {
           ThreadSummary thread;
           thread.kind = "issue";
           thread.item_id = row.integer(0);
           thread.number = row.integer(1);
           thread.key = fmt::format("issue/{}", row.integer(1));
           thread.title = row.string(2);
           thread.asked_at = row.integer(4);
           thread.url = row.is_null(5) ? context_.item_url("issue", row.integer(1)) : row.string(5);
           thread.body = row.string(6);
           thread.is_open = row.integer(7) > 0;
           thread.is_locked = row.integer(8) == 1;
           begin(thread, row.optional_integer(3));
           index.emplace(thread.item_id, threads_.size());
           threads_.push_back(std::move(thread));
         });
    std::vector<std::int64_t> items;
    for (std::size_t i = first; i < threads_.size(); ++i) items.push_back(threads_[i].item_id);
    const auto ids = id_lists(items, [](std::int64_t item) { return item; });
    load_labels(index, ids);
    // What was said where an issue began.
    for (const auto& [item, life] : load_first_lives(context_.database, context_.project_id, context_.as_of)) {
      const auto found = index.find(item);
      if (found == index.end()) continue;
      ThreadSummary& thread = threads_[found->second];
      if (life.opened_at) thread.asked_at = thread.waiting_since = std::min(thread.asked_at, *life.opened_at);
      if (!life.responded_at) continue;
      ++thread.replies;
      thread.first_reply_at = life.responded_at;
      thread.state = ThreadState::replied;
    }
    if (wishes_.questions)
      for (std::size_t i = first; i < threads_.size(); ++i)
        threads_[i].question = judge_question(threads_[i].title, threads_[i].body, threads_[i].tags);
    for (const std::string& list : ids)
      each(fmt::format(
               "SELECT item_id, author_id, created_at, substr(body, 1, {}) FROM comment WHERE project_id = "
               ":project AND created_at <= :as_of AND is_command = 0 AND item_id IN ({}) ORDER BY item_id, created_at, "
               "comment_key",
               kLastWordBytes + 1, list),
           [&](Rows& row) {
             add(threads_[index.at(row.integer(0))], row.optional_integer(1), row.integer(2), row.text(3));
           });
  }

  // Labels of the moment: today's with all later events undone.
  void load_labels(const std::unordered_map<std::int64_t, std::size_t>& index, const std::vector<std::string>& ids) {
    const auto labels = [&](std::int64_t item) -> std::vector<std::string>& { return threads_[index.at(item)].tags; };
    for (const std::string& list : ids) {
      each(fmt::format("SELECT item_id, name FROM item_label WHERE project_id = :project AND item_id IN ({}) ORDER BY "
                       "item_id, name",
                       list),
           [&](Rows& row) { labels(row.integer(0)).push_back(row.string(1)); });
      each(fmt::format("SELECT item_id, kind, label FROM event WHERE project_id = :project AND kind IN ('labeled', "
                       "'unlabeled') AND occurred_at > :as_of AND item_id IN ({}) ORDER BY item_id, position DESC",
                       list),
           [&](Rows& row) {
             std::vector<std::string>& tags = labels(row.integer(0));
             std::erase(tags, row.string(2));
             if (row.text(1) == "unlabeled") tags.push_back(row.string(2));
           });
    }
  }

  const Context& context_;
  const People& people_;
  ThreadWishes wishes_;
  std::vector<ThreadSummary> threads_;
};

}  // namespace

std::vector<ThreadSummary> load_threads(const Context& context, const People& people, const ThreadWishes& wishes) {
  return Loader(context, people, wishes).load();
}

std::string_view name_of(ThreadState state) {
  switch (state) {
    case ThreadState::unanswered:
      return "unanswered";
    case ThreadState::asker_waits:
      return "asker waits";
    case ThreadState::replied:
      return "replied";
    case ThreadState::thanked:
      return "thanked";
    case ThreadState::answered:
      return "answered";
  }
  return "";
}

bool sounds_settled(std::string_view body) {
  static const Pattern pattern(
      R"((?i)(?:\b(?:thanks|thank you|thx|ty|cheers|many thanks|much appreciated|solved|resolved|(?:it|that|this) (?:works|worked|helped|helps|did it|did the trick|fixed it|solves it|answers my question)|works (?:now|for me|fine|great|perfectly)|got it|perfect|makes sense|problem (?:is )?(?:gone|fixed)|never ?mind)\b))");
  static const Pattern more(
      R"((?i)\b(?:but|however|still|unfortunately|except|another (?:question|problem)|in advance|doesn't|does not|didn't|not working)\b)");
  if (body.size() > kLastWordBytes) return false;
  const std::string words = own_words(body);
  return pattern.found_in(words) && !more.found_in(words) && !has_question_mark(words);
}

Question judge_question(std::string_view title, std::string_view body, const std::vector<std::string>& tags) {
  static const Pattern question_label(R"((?i)(?:^|\W|type)(?:questions?|support|help|how-?to|usage|q ?& ?a)(?:\W|$))");
  static const Pattern other_label(
      R"((?i)^(?:(?:type|kind|category)\W+)?(?:bug|defect|feature(?:\W?request)?|enhancement|crash|regression|task|epic|tracking|announcements?|release)$)");
  for (const auto& tag : tags)
    if (question_label.found_in(tag) && !contains_ignoring_case(tag, "help wanted"))
      return {true, fmt::format("labelled {}", tag)};
  for (const auto& tag : tags)
    if (other_label.found_in(tag)) return {false, fmt::format("labelled {}", tag)};
  if (is_announcement(title)) return {false, "its title announces or proposes"};
  if (title_asks(title)) return {true, "its title asks"};
  const std::string words = own_words(body.substr(0, kJudgedBytes));
  if (body_asks(words)) return {true, "its text asks for help"};
  if (is_report_form(words)) return {false, "a report or request by form"};
  if (has_question_mark(words)) return {true, "its text has a question"};
  return {false, "nothing in it asks"};
}

}  // namespace resident
