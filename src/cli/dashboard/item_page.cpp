// The page of one issue or pull request, and of one thread of a channel.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/item/dossier.hpp>
#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>
#include <framework/accuracy.hpp>

namespace resident {

namespace {

constexpr std::size_t kEntries = 200, kAnswered = 5, kReviewers = 3;

// As much as there is room for: the whole stands in its JSON.
Result answered_before(const Context& context, AnsweredThreads& answered, const std::string& question) {
  Result result = answered.result(context, question, kAnswered);
  for (const char* name : {"rank", "kind", "shared", "asked_at"}) result.columns[result.column(name)].hidden = true;
  return result;
}

// What the dossier says, but what stands in the heading or in the card already.
void add_dossier(ActionCard& card, const Result& dossier) {
  static constexpr std::string_view kElsewhere[] = {"title", "address", "triage", "turn"};
  std::vector<CardFact> facts;
  for (const auto& row : dossier.rows) {
    const std::string& what = std::get<std::string>(row[0]);
    const bool is_there =
        std::any_of(card.facts.begin(), card.facts.end(), [&](const auto& fact) { return fact.what == what; });
    if (!is_there && std::find(std::begin(kElsewhere), std::end(kElsewhere), what) == std::end(kElsewhere))
      facts.push_back({what, std::get<std::string>(row[1])});
  }
  // Who knows more than the dossier has said it in its own words.
  std::erase_if(card.facts, [](const auto& fact) { return fact.what == "reporter"; });
  card.facts.insert(card.facts.begin(), std::make_move_iterator(facts.begin()), std::make_move_iterator(facts.end()));
}

void add_pull(Desk& desk, const OwnNotes& own, const ReviewEntry& entry, bool merge_is_new, Page& page,
              ActionCard& card) {
  const Context& context = desk.context();
  Result readiness = readiness_result(context, desk.reviews(), entry, desk.readiness(entry, merge_is_new));
  desk.end_page();
  readiness.title = "Readiness";
  page.intro = readiness.claim;
  readiness.claim.clear();
  readiness.sample_size.reset();
  page.results.push_back(std::move(readiness));
  Result suggested = reviewers_result(context, entry, desk.suggester());
  suggested.title = "Who should review it";
  suggested.claim += fmt::format(" How right such names are: {}.", known_figure_text(context, "reviewers", "top_3"));
  page.results.push_back(std::move(suggested));
  add_own_note(card, own);
  add_reviewer_forms(card, desk.suggester().suggest(entry.item.id, kReviewers), own);
  add_usual_forms(card, true, own);
}

void add_issue(Desk& desk, const OwnNotes& own, const TriageEntry& entry, Page& page, ActionCard& card) {
  const Context& context = desk.context();
  TriageAdvisor& advisor = desk.advisor();
  const TriageFacts facts = advisor.facts(entry);
  advisor.save();
  card = triage_card(context, entry, advisor.queue().people, facts, own, true);
  card.text.clear();  // the thread begins with it
  Result table = facts_result(context, entry, advisor.queue().people, facts);
  if (!facts.labels.empty() || !facts.duplicates.empty()) card.facts.push_back({"how right", table.uncertainty});
  const std::string began = entry.item.began_as.empty()
                                ? std::string()
                                : fmt::format(" as {}, here for {}", one_line(entry.item.began_as),
                                              waiting_text(entry.item.created_at, context.as_of));
  page.intro = fmt::format("By {}{}, opened {} ago{}; {} for {}.", advisor.queue().people.name(entry.item.author),
                           entry.item.is_newcomers() ? " (" + entry.item.newness() + ")" : std::string(),
                           waiting_text(entry.item.began_at, context.as_of), began, triage_state_name(entry.state),
                           waiting_text(entry.since, context.as_of));
  table.title = "What is known of it";
  page.data.push_back(std::move(table));
}

Page which_of(const std::vector<DossierSubject>& subjects, std::int64_t number) {
  Page page{fmt::format("item/{}", number), fmt::format("#{}", number)};
  page.intro = "An issue and a pull request have this number.";
  for (const auto& subject : subjects) {
    ActionCard card;
    card.item_id = subject.id;
    card.title = subject.title;
    card.tag = subject.noun();
    card.url = subject.url;
    card.key = fmt::format("{}/{}", subject.is_pull ? "pull" : "issue", number);
    page.cards.push_back(std::move(card));
  }
  return page;
}

}  // namespace

std::optional<Page> item_page(Desk& desk, const OwnNotes& own, const PageRequest& request,
                              const std::function<bool(const ReviewEntry&)>& answer_merge) {
  const Context& context = desk.context();
  const auto subjects = find_subjects(context, request.number, request.kind);
  if (subjects.empty()) return std::nullopt;
  if (subjects.size() > 1) return which_of(subjects, request.number);
  const DossierSubject& subject = subjects.front();
  Page page{fmt::format("item/{}", subject.number), fmt::format("#{} {}", subject.number, one_line(subject.title))};
  page.url = subject.url;
  page.query = {{"number", std::to_string(subject.number)}, {"kind", request.kind}};
  const bool is_open_issue = subject.is_open() && !subject.is_pull;
  const bool has_learnt = !is_open_issue || desk.has_learnt_triage();
  DossierMeans means;
  means.duplicates = &desk.duplicates();
  if (subject.is_open()) {
    if (subject.is_pull)
      means.reviews = &desk.reviews();
    else
      means.triage = &desk.advisor().queue();
  }
  Result dossier = dossier_result(context, subject, means);
  page.intro = dossier.claim;
  ActionCard card;
  card.item_id = subject.id;
  if (const ReviewEntry* entry = subject.is_pull ? desk.review(subject.id) : nullptr) {
    const bool is_new = answer_merge(*entry);
    add_pull(desk, own, *entry, is_new, page, card);
  } else if (!subject.is_pull && subject.is_open()) {
    const auto& entries = desk.advisor().queue().entries;
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& each) { return each.item.id == subject.id; });
    if (found != entries.end()) add_issue(desk, own, *found, page, card);
    if (!has_learnt) page.intro += " Labels and likely duplicates are being learnt; they stand here later.";
  }
  if (card.forms.empty()) {
    add_own_note(card, own);
    add_note_form(card, own);  // of what is closed, too, one may remember something
  }
  card.title = "In short";
  card.url = card.key = "";
  add_dossier(card, dossier);
  page.cards.push_back(std::move(card));
  dossier.title = "Dossier";
  page.data.push_back(std::move(dossier));
  if (!subject.is_pull && subject.is_open())
    if (AnsweredThreads* answered = desk.answered())
      page.results.push_back(answered_before(context, *answered, std::to_string(subject.number)));
  Result linked = linked_result(context, subject, means);
  (linked.rows.empty() ? page.data : page.results).push_back(std::move(linked));
  page.results.push_back(thread_result(context, subject, kEntries));
  page.results.back().title = "What was said and done";
  return page;
}

std::optional<Page> thread_page(Desk& desk, const PageRequest& request) {
  const Context& context = desk.context();
  AnsweredThreads* answered = desk.answered();
  const auto& open = desk.open_threads();
  const auto is_it = [&](const ThreadSummary& each) { return each.key == request.key; };
  const auto in_open = std::find_if(open.begin(), open.end(), is_it);
  std::vector<ThreadSummary> all;
  if (!answered && in_open == open.end()) {
    ThreadWishes wishes;
    wishes.issues = wishes.only_open = false;
    all = load_threads(context, load_people(context), wishes);
  }
  const auto in_all = std::find_if(all.begin(), all.end(), is_it);
  const ThreadSummary* thread = answered                ? answered->find(request.key)
                                : in_open != open.end() ? &*in_open
                                : in_all != all.end()   ? &*in_all
                                                        : nullptr;
  if (!thread || thread->kind == "issue") return std::nullopt;
  Page page{"thread", one_line(thread->title)};
  page.url = thread->url;
  page.query = {{"key", thread->key}};
  const People people = load_people(context);
  page.intro = fmt::format("In {}, by {}: {}{}.", thread->channel, people.name(thread->asker), name_of(thread->state),
                           thread->waits() ? ", for " + waiting_text(thread->waiting_since, context.as_of) : "");
  Result posts = context.result("thread", "What was said", "What was said?");
  posts.columns = {{"at", "When", ColumnType::time},
                   {"who", "Who", ColumnType::text},
                   {"kind", "What", ColumnType::text},
                   {"text", "Text", ColumnType::text}};
  for (const auto rows = context.database.query(
           "SELECT p.created_at, p.author_id, p.position, p.body FROM post p WHERE p.project_id = :project AND "
           "p.thread_key = :key AND p.created_at <= :as_of ORDER BY p.created_at, p.position LIMIT :most",
           {{"project", context.project_id},
            {"key", thread->key},
            {"as_of", context.as_of},
            {"most", static_cast<std::int64_t>(kEntries)}});
       rows->next();)
    posts.rows.push_back({rows->integer(0), people.name(people.person(rows->optional_integer(1))),
                          std::string(rows->integer(2) == 0 ? "opened" : "post"), rows->string(3)});
  posts.claim = fmt::format("{}.", plural(static_cast<long long>(posts.rows.size()), "post"));
  posts.sample_size = static_cast<std::int64_t>(posts.rows.size());
  posts.definition = "Posts as of the moment; texts are those of today.";
  posts.method = "the thread's posts in order of time";
  if (answered) page.results.push_back(answered_before(context, *answered, thread->key));
  page.results.push_back(std::move(posts));
  return page;
}

}  // namespace resident
