// resident ask: for an open question, or any text, what has been answered before that
// is like it, by whom, and where the documentation speaks of it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/search/ask.hpp>
#include <analyses/search/documentation.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <map>

namespace resident {

namespace {

constexpr std::size_t kSearched = 40;

ThreadWishes all_threads() {
  ThreadWishes wishes;
  wishes.only_open = wishes.questions = false;
  return wishes;
}

// All texts are taken from the threads: most of a project's memory would be in them.
std::vector<SimilarSource> answered(std::vector<ThreadSummary>& threads) {
  std::vector<SimilarSource> sources;
  sources.reserve(threads.size());
  for (std::size_t i = 0; i < threads.size(); ++i) {
    auto& thread = threads[i];
    const bool is_answered = thread.state == ThreadState::answered || thread.state == ThreadState::thanked ||
                             (thread.state == ThreadState::replied && thread.replies > 0);
    std::string body = std::move(thread.body);
    thread.body = {};
    std::vector<std::string>().swap(thread.tags);
    if (is_answered)
      sources.push_back({static_cast<std::int64_t>(i), thread.number.value_or(0), thread.asked_at, thread.is_open,
                         thread.title, std::move(body), thread.url});
  }
  return sources;
}

}  // namespace

AnsweredThreads::AnsweredThreads(const Context& context)
    : context_(context),
      people_(load_people(context)),
      threads_(load_threads(context, people_, all_threads())),
      similar_(answered(threads_),
               [this](std::int64_t place) { return body_of(threads_[static_cast<std::size_t>(place)]); }),
      references_(context.reference_rules()) {}

const ThreadSummary* AnsweredThreads::find(const std::string& key) const {
  for (const auto& thread : threads_)
    if (thread.key == key) return &thread;
  return nullptr;
}

std::string AnsweredThreads::body_of(const ThreadSummary& thread) const {
  const auto row = thread.kind == "issue" ? context_.database.query(
                                                "SELECT body FROM item WHERE project_id = :project AND item_id = :item",
                                                {{"project", context_.project_id}, {"item", thread.item_id}})
                                          : context_.database.query(
                                                "SELECT body FROM post WHERE project_id = :project AND thread_key = "
                                                ":key AND position = 0",
                                                {{"project", context_.project_id}, {"key", thread.key}});
  return row->next() ? row->string(0) : std::string();
}

std::vector<AnsweredThread> AnsweredThreads::like(const std::string& title, const std::string& body,
                                                  const std::string& key, std::size_t limit) {
  std::vector<AnsweredThread> found;
  for (auto& each : similar_.find_text(title, body, limit + 1)) {
    const ThreadSummary& thread = threads_[static_cast<std::size_t>(each.item_id)];
    if (thread.key == key || found.size() == limit) continue;
    found.push_back({&thread, std::move(each)});
  }
  return found;
}

const ThreadSummary* AnsweredThreads::asked(const std::string& question) const {
  const Reference named = single_reference(question, references_);
  const bool is_number = named.number != 0 && named.is_own();
  const std::string number = std::to_string(named.number);
  const ThreadSummary* asked = find(is_number ? "issue/" + number : question);
  if (is_number && !asked)
    throw Error(ErrorKind::usage, fmt::format("there is no issue #{}", number),
                "give a number, a thread's key, or words");
  return asked;
}

Result AnsweredThreads::result(const Context& context, const std::string& question, std::size_t limit) {
  const ThreadSummary* asked = this->asked(question);
  Result result = context.result("ask", "Answered before", "Has this been answered before, and by whom?");
  result.columns = {{"rank", "#", ColumnType::integer},
                    {"kind", "Where", ColumnType::text},
                    {"number", "Item", ColumnType::item, "", "", "url"},
                    {"title", "Title", ColumnType::text},
                    {"state", "State", ColumnType::text},
                    {"replier", "Answered first by", ColumnType::text},
                    {"passage", "Passage", ColumnType::text},
                    {"shared", "Shared words", ColumnType::text, "", "the rarest"},
                    {"asked_at", "Asked", ColumnType::date},
                    {"score", "Score", ColumnType::number, "", "above 4 it is worth a look"},
                    {"key", "Key", ColumnType::text, "", "", "", true},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  std::map<std::string, int> repliers;
  const auto found = asked ? like(asked->title, body_of(*asked), asked->key, limit) : like(question, {}, {}, limit);
  for (const auto& [thread, similar] : found) {
    const std::string replier = people_.name(thread->first_replier);
    if (thread->first_replier) ++repliers[replier];
    result.rows.push_back(
        {static_cast<std::int64_t>(result.rows.size() + 1), thread->kind == "issue" ? thread->kind : thread->channel,
         thread->number ? Cell(*thread->number) : Cell(), thread->title, std::string(name_of(thread->state)), replier,
         similar.passage, fmt::format("{}", fmt::join(similar.shared_words, " ")), thread->asked_at,
         std::round(similar.score * 100) / 100, thread->key, thread->url});
  }
  std::string who;
  int most = 0;
  for (const auto& [name, times] : repliers)
    if (times > most) most = times, who = name;
  const bool is_alike = !found.empty() && found.front().similar.score >= kLikelyScore;
  const auto count = static_cast<long long>(result.rows.size());
  result.claim = count == 0 ? "Nothing like it has been answered here."
                 : is_alike ? fmt::format("{} like it {} answered before{}.", count, count == 1 ? "was" : "were",
                                          most > 1 ? fmt::format("; {} of them first by {}", most, who) : "")
                            : fmt::format("Nothing much like it has been answered; the nearest {} shown.",
                                          count == 1 ? std::string("one is") : fmt::format("{} are", count));
  const bool is_itself_answered = asked && std::any_of(threads_.begin(), threads_.end(), [&](const auto& each) {
                                    return &each == asked && each.replies > 0 && !each.waits();
                                  });
  result.sample_size = static_cast<std::int64_t>(similar_.size()) - is_itself_answered;
  result.definition =
      "Issues and threads that somebody else than the asker replied to, closed ones too, by likeness of words in title "
      "and text (as duplicates are found). Likeness is no proof that the answer fits.";
  result.uncertainty = "how often the right earlier report is found: `resident accuracy duplicates`";
  return result;
}

namespace {

std::vector<Result> analyse_ask(const Context& context) {
  const std::string text = context.argument("question");
  if (trim(text).empty())
    throw Error(ErrorKind::usage, "what is asked?", "resident ask 123, or resident ask 'how do I …'");
  const auto limit = static_cast<std::size_t>(context.whole_number("limit", 10, 1, kSearched));
  AnsweredThreads threads(context);
  std::vector<Result> results{threads.result(context, text, limit)};
  const ThreadSummary* asked = threads.asked(text);
  if (auto documentation = documentation_like(context, asked ? asked->title : text))
    results.push_back(std::move(*documentation));
  return results;
}

}  // namespace

extern const Analysis ask_analysis;
const Analysis ask_analysis{"ask",
                            "Ask",
                            "Has this been answered before, and by whom?",
                            {{"question", "TEXT", "a number of an issue, the key of a thread, or words"},
                             {"limit", "N", "how many to show (10)"}},
                            analyse_ask};

}  // namespace resident
