// resident ask: for an open question, or any text, what has been answered before that
// is like it, by whom, and where the documentation speaks of it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/duplicates/similar.hpp>
#include <analyses/queues/review.hpp>
#include <analyses/search/documentation.hpp>
#include <analyses/threads.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <map>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::size_t kSearched = 40;

struct Asked {
  std::string title, body, key;
};

Asked asked_of(const Context& context, const std::vector<ThreadSummary>& threads, const std::string& text) {
  const std::string number = text.starts_with('#') ? text.substr(1) : text;
  const bool is_number =
      !number.empty() && number.size() < 12 && number.find_first_not_of("0123456789") == std::string::npos;
  for (const auto& thread : threads)
    if (thread.key == text || (is_number && thread.kind == "issue" && thread.number == std::stoll(number)))
      return {thread.title, thread.body, thread.key};
  if (is_number)
    throw Error(ErrorKind::usage, fmt::format("there is no issue #{}", number),
                "give a number, a thread's key, or words");
  (void)context;
  return {text, {}, {}};
}

std::vector<Result> run(const Context& context) {
  const People people = load_people(context);
  ThreadWishes wishes;
  wishes.only_open = false;
  const auto threads = load_threads(context, people, wishes);
  const std::string text = context.argument("question");
  if (trim(text).empty())
    throw Error(ErrorKind::usage, "what is asked?", "resident ask 123, or resident ask 'how do I …'");
  const Asked asked = asked_of(context, threads, text);
  std::vector<SimilarSource> sources;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const auto& thread = threads[i];
    const bool is_answered = thread.state == ThreadState::answered || thread.state == ThreadState::thanked ||
                             (thread.state == ThreadState::replied && thread.replies > 0);
    if (is_answered && thread.key != asked.key)
      sources.push_back({static_cast<std::int64_t>(i), thread.number.value_or(0), thread.asked_at, thread.is_open,
                         thread.title, thread.body, thread.url});
  }
  const std::size_t searched = sources.size();
  SimilarItems similar(std::move(sources));
  Result result = context.result("ask", "Ask", "Has this been answered before, and by whom?");
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
  const auto limit = static_cast<std::size_t>(context.whole_number("limit", 10, 1, kSearched));
  for (const auto& found : similar.find_text(asked.title, asked.body, limit)) {
    const ThreadSummary& thread = threads[static_cast<std::size_t>(found.item_id)];
    const std::string replier = people.name(thread.first_replier);
    if (thread.first_replier) ++repliers[replier];
    result.rows.push_back(
        {static_cast<std::int64_t>(result.rows.size() + 1), thread.kind == "issue" ? thread.kind : thread.channel,
         thread.number ? Cell(*thread.number) : Cell(), thread.title, std::string(name_of(thread.state)), replier,
         found.passage, fmt::format("{}", fmt::join(found.shared_words, " ")), thread.asked_at,
         std::round(found.score * 100) / 100, thread.key, thread.url});
  }
  std::string who;
  int most = 0;
  for (const auto& [name, times] : repliers)
    if (times > most) most = times, who = name;
  result.claim = result.rows.empty() ? "Nothing like it has been answered here."
                                     : fmt::format("{} like it were answered before{}.", result.rows.size(),
                                                   most > 1 ? fmt::format("; {} of them first by {}", most, who) : "");
  result.sample_size = static_cast<std::int64_t>(searched);
  result.definition =
      "Issues and threads that somebody else than the asker replied to, closed ones too, by likeness of words in title "
      "and text "
      "(as duplicates are found). Likeness is no proof that the answer fits.";
  result.uncertainty = "how often the right earlier report is found: `resident accuracy duplicates`";
  std::vector<Result> results{std::move(result)};
  if (auto documentation = documentation_like(context, asked.title)) results.push_back(std::move(*documentation));
  return results;
}

}  // namespace

extern const Analysis ask_analysis;
const Analysis ask_analysis{"ask",
                            "Ask",
                            "Has this been answered before, and by whom?",
                            {{"question", "TEXT", "a number of an issue, the key of a thread, or words"},
                             {"limit", "N", "how many to show (10)"}},
                            run};

}  // namespace resident
