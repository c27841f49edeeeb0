#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <cli/dashboard/desk.hpp>

namespace resident {

namespace {

constexpr int kPerPerson = 3;            // reviews that one is waited for at once
constexpr std::size_t kAskedFirst = 10;  // cards of the triage page that is looked at first

}  // namespace

bool Desk::has_learnt_triage() {
  if (learnt_advisor_) return true;
  if (!learning_)
    learning_ = std::make_unique<BackgroundPart<TriageAdvisor>>(context_, work_, [](const Context& context) {
      auto advisor = std::make_unique<TriageAdvisor>(context, false, Threads::of_waiting);
      const auto& entries = advisor->queue().entries;
      for (std::size_t i = 0; i < std::min(kAskedFirst, entries.size()); ++i) advisor->facts(entries[i]);
      advisor->save();
      return advisor;
    });
  learnt_advisor_ = learning_->get();
  if (learnt_advisor_) advisor_.reset();
  return learnt_advisor_ != nullptr;
}

TriageAdvisor& Desk::advisor() {
  if (learnt_advisor_) return *learnt_advisor_;
  if (!advisor_) advisor_ = std::make_unique<TriageAdvisor>(context_, true, Threads::of_waiting);
  return *advisor_;
}

const ReviewQueue& Desk::reviews() {
  if (!reviews_) reviews_ = std::make_unique<ReviewQueue>(review_queue(context_));
  return *reviews_;
}

const ReviewEntry* Desk::review(std::int64_t item_id) {
  const auto& entries = reviews().entries;
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& each) { return each.item.id == item_id; });
  return found == entries.end() ? nullptr : &*found;
}

const reviewers::Suggester& Desk::suggester() {
  if (!suggester_) {
    // Pages ask it about open pull requests alone.
    std::vector<std::int64_t> open;
    for (const ReviewEntry& entry : reviews().entries) open.push_back(entry.item.id);
    suggester_ = std::make_unique<reviewers::Suggester>(context_, reviews().people, open);
  }
  return *suggester_;
}

const Plan& Desk::proposals() {
  if (!proposals_)
    proposals_ = std::make_unique<Plan>(
        make_plan(context_, kPerPerson,
                  {&reviews(), &advisor().queue(), [this]() -> const reviewers::Suggester& { return suggester(); }}));
  return *proposals_;
}

AnsweredThreads* Desk::answered() {
  if (!answered_)
    answered_ = std::make_unique<BackgroundPart<AnsweredThreads>>(
        context_, work_, [](const Context& context) { return std::make_unique<AnsweredThreads>(context); });
  return answered_->get();
}

const std::vector<ThreadSummary>& Desk::open_threads() {
  if (!open_threads_)
    open_threads_ = std::make_unique<std::vector<ThreadSummary>>(load_threads(context_, load_people(context_)));
  return *open_threads_;
}

const std::vector<duplicates::KnownDuplicate>& Desk::duplicates() {
  if (!duplicates_)
    duplicates_ =
        std::make_unique<std::vector<duplicates::KnownDuplicate>>(duplicates::load_known_duplicates(context_));
  return *duplicates_;
}

const std::vector<Result>& Desk::said(const char* analysis) {
  auto found = said_.find(analysis);
  if (found == said_.end()) found = said_.emplace(analysis, find_analysis(analysis).run(context_)).first;
  return found->second;
}

ModuleMap& Desk::modules() {
  if (!modules_) modules_ = std::make_unique<ModuleMap>(context_);
  return *modules_;
}

const std::vector<ReadinessCheck>& Desk::readiness(const ReviewEntry& entry, bool anew) {
  auto& checks = readiness_[entry.item.id];
  if (checks.empty() || anew) {
    if (!similar_pulls_) similar_pulls_ = std::make_unique<SimilarPulls>(context_);
    checks = readiness_checks(context_, reviews(), entry, similar_pulls_.get());
  }
  return checks;
}

void Desk::end_page() {
  similar_pulls_.reset();
}

Session Desk::session(std::map<std::string, std::string> arguments, std::set<std::int64_t> left_out) {
  if (!effort_) effort_ = std::make_unique<ReviewEffort>(context_, reviews().people);
  Context asked = context_;
  asked.arguments = std::move(arguments);
  return make_session(asked, {reviews(), *effort_, suggester(), modules(), std::move(left_out)});
}

std::vector<std::string> Desk::module_names() {
  std::vector<std::string> names;
  for (const auto& [name, files] : modules().files()) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

std::shared_ptr<SharedDesk> Desks::at(const Context& wanted, const std::string& version,
                                      const std::function<std::unique_ptr<Database>()>& open) {
  const std::lock_guard lock(mutex_);
  if (version != version_) {
    desks_.clear();
    version_ = version;
  }
  const std::string key = fmt::format("{}\n{}", wanted.project, wanted.as_of / kHour);
  const auto found = std::find_if(desks_.begin(), desks_.end(), [&](const auto& each) { return each.first == key; });
  if (found != desks_.end()) {
    desks_.splice(desks_.begin(), desks_, found);
  } else {
    desks_.emplace_front(key, std::make_shared<SharedDesk>(open(), wanted, work_));
    if (desks_.size() > kKept) desks_.pop_back();
  }
  return desks_.front().second;
}

void Desks::forget(const std::shared_ptr<SharedDesk>& desk) {
  const std::lock_guard lock(mutex_);
  desks_.remove_if([&](const auto& each) { return each.second == desk; });
}

OwnNotes::OwnNotes(const Context& context, Timestamp now, bool is_past, const std::string& user)
    : collected(PlanBook(context.database, context.project_id).planned()),
      marks_(TriageMarks(context.database, context.project_id, user).all()),
      now_(now),
      is_past_(is_past) {
  // What others have planned is planned, too.
  for (const auto& each : collected) planned_.insert(each.action.key);
  if (!user.empty()) std::erase_if(collected, [&](const auto& each) { return each.user != user; });
}

const TriageMark& OwnNotes::mark(std::int64_t item_id) const {
  static const TriageMark none;
  const auto found = marks_.find(item_id);
  return found == marks_.end() ? none : found->second;
}

bool OwnNotes::is_snoozed(std::int64_t item_id) const {
  return !is_past_ && mark(item_id).snoozed_until.value_or(0) > now_;
}

std::set<std::int64_t> OwnNotes::snoozed() const {
  std::set<std::int64_t> items;
  for (const auto& [item, mark] : marks_)
    if (is_snoozed(item)) items.insert(item);
  return items;
}

bool OwnNotes::is_planned(std::int64_t item_id, const std::string& kind, const std::string& content) const {
  return planned_.contains(action_key(item_id, kind, content));
}

}  // namespace resident
