// The inbox: who has asked something and waits, the oldest promise first, each with what was answered before.
#include <fmt/format.h>

#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::size_t kAnswered = 3, kLongestPassage = 160;
constexpr double kLeastScore = 0.5;  // below it, what is found shares a few words by chance

std::string title_of(const ThreadSummary& thread) {
  return thread.number ? fmt::format("#{} {}", *thread.number, thread.title) : thread.title;
}

ActionCard inbox_card(const Context& context, const People& people, AnsweredThreads* answered,
                      const ThreadSummary& thread, const OwnNotes& own) {
  const Timestamp due = thread.waiting_since + context.config.triage.first_response_days * kDay;
  ActionCard card;
  card.item_id = thread.item_id;
  card.title = title_of(thread);
  card.url = thread.url;
  card.key = thread.key;
  card.text = thread.body;
  card.tag = thread.kind == "issue" ? "issue" : thread.channel;
  card.facts.push_back({"who", people.name(thread.asker), thread.question.why});
  card.facts.push_back({"state", std::string(name_of(thread.state)),
                        fmt::format("for {}", waiting_text(thread.waiting_since, context.as_of))});
  card.facts.push_back({"promised", "by " + format_date(due),
                        due < context.as_of ? fmt::format("overdue for {}", waiting_text(due, context.as_of)) : ""});
  const auto alike =
      answered ? answered->like(thread.title, thread.body, thread.key, kAnswered) : std::vector<AnsweredThread>();
  for (const auto& [found, similar] : alike) {
    if (similar.score < kLeastScore) continue;
    const std::string passage = fit_width(one_line(trim(similar.passage)), kLongestPassage);
    const std::string by =
        found->first_replier ? fmt::format(", first by {}", people.name(found->first_replier)) : std::string();
    card.facts.push_back(
        {similar.score >= kLikelyScore ? "answered before" : "a little like it", title_of(*found),
         fmt::format("{}{}{}", name_of(found->state), by, passage.empty() ? passage : fmt::format("; “{}”", passage)),
         found->key, found->url});
  }
  add_own_note(card, own);
  if (thread.kind != "issue") return card;  // nothing can be written to a channel
  ActionForm answer;
  answer.kind = "comment";
  answer.button = "Plan this answer";
  answer.label = "Answer";
  answer.input = ActionForm::Input::text;
  card.forms.push_back(std::move(answer));
  add_usual_forms(card, false, own);
  std::erase_if(card.forms, [](const auto& form) { return form.kind == "comment" && form.is_rare; });
  return card;
}

}  // namespace

Page inbox_page(Desk& desk, const OwnNotes& own, const PageRequest& request) {
  Page page{"inbox", "Inbox"};
  Result inbox = desk.said("inbox").front();
  const std::size_t key = inbox.column("key");
  AnsweredThreads* answered = desk.answered();
  const People people = load_people(desk.context());
  std::unordered_map<std::string_view, const ThreadSummary*> threads;
  for (const ThreadSummary& thread : desk.open_threads()) threads.emplace(thread.key, &thread);
  std::int64_t place = 0, snoozed = 0;
  for (const auto& row : inbox.rows) {
    const auto found = threads.find(std::get<std::string>(row[key]));
    if (found == threads.end()) continue;
    const ThreadSummary* thread = found->second;
    if (thread->item_id && own.is_snoozed(thread->item_id)) {
      ++snoozed;
      continue;
    }
    if (place >= request.from && place < request.from + kCardsOnPage)
      page.cards.push_back(inbox_card(desk.context(), people, answered, *thread, own));
    ++place;
  }
  page.intro = inbox.claim + (snoozed ? fmt::format(" {} of them snoozed.", snoozed) : std::string()) +
               (place > 1 ? " The oldest promise comes first." : "");
  if (place > kCardsOnPage && !page.cards.empty())
    page.intro +=
        fmt::format(" Shown: {} to {}.", request.from + 1, request.from + static_cast<std::int64_t>(page.cards.size()));
  if (!answered && !page.cards.empty())
    page.intro += " What was answered before is being read; it stands here when you come back to this page.";
  page.intro += working_hint(request, own, !page.cards.empty());
  add_places(page, request, place);
  page.data.push_back(std::move(inbox));
  return page;
}

}  // namespace resident
