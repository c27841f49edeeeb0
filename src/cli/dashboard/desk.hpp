// What the dashboard's pages have learnt of a project as of a moment: queues, advisors,
// likely reviewers, answered threads. Each part is made when a page first needs it and
// kept as long as the store's version is the same, so that only the first page waits for it.
#pragma once

#include <actions/plan_book.hpp>
#include <actions/triage_marks.hpp>
#include <analyses/review/readiness.hpp>
#include <analyses/review/session.hpp>
#include <analyses/review/similar.hpp>
#include <analyses/search/ask.hpp>
#include <analyses/triage/facts.hpp>
#include <cli/dashboard/background.hpp>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>

namespace resident {

class Desk {
 public:
  // work: what takes long is made beside its pages; null: they wait for it.
  explicit Desk(Context context, std::shared_ptr<BackgroundWork> work = nullptr)
      : context_(std::move(context)), work_(std::move(work)) {}
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  const Context& context() const { return context_; }
  // Looks whether labels and reports of the same can be suggested, and has that learnt beside where they can't yet.
  // What advisor() has given before is not to be used after it.
  bool has_learnt_triage();
  TriageAdvisor& advisor();
  const ReviewQueue& reviews();
  // Of an open pull request; null where the queue has none of that id.
  const ReviewEntry* review(std::int64_t item_id);
  const reviewers::Suggester& suggester();
  // Null while they are read.
  AnsweredThreads* answered();
  const std::vector<ThreadSummary>& open_threads();
  const std::vector<duplicates::KnownDuplicate>& duplicates();
  // What an analysis without arguments says; run once.
  const std::vector<Result>& said(const char* analysis);
  // What the queues propose for the plan; what is sent or collected meanwhile is for who shows it to leave out.
  const Plan& proposals();
  // The checklist; kept, and made anew where `anew`.
  const std::vector<ReadinessCheck>& readiness(const ReviewEntry& entry, bool anew = false);
  // Gives back what the checklists of one page have in common and later ones seldom need.
  void end_page();
  Session session(std::map<std::string, std::string> arguments, std::set<std::int64_t> left_out);
  std::vector<std::string> module_names();

 private:
  ModuleMap& modules();

  Context context_;
  std::shared_ptr<BackgroundWork> work_;
  std::unique_ptr<TriageAdvisor> advisor_;  // that has learnt nothing
  TriageAdvisor* learnt_advisor_ = nullptr;
  std::unique_ptr<BackgroundPart<TriageAdvisor>> learning_;
  std::unique_ptr<ReviewQueue> reviews_;
  std::unique_ptr<reviewers::Suggester> suggester_;
  std::unique_ptr<ReviewEffort> effort_;
  std::unique_ptr<ModuleMap> modules_;
  std::unique_ptr<BackgroundPart<AnsweredThreads>> answered_;
  std::unique_ptr<std::vector<ThreadSummary>> open_threads_;
  std::unique_ptr<Plan> proposals_;
  std::unique_ptr<std::vector<duplicates::KnownDuplicate>> duplicates_;
  std::map<std::string, std::vector<Result>> said_;
  std::map<std::int64_t, std::vector<ReadinessCheck>> readiness_;  // by item
  std::unique_ptr<SimilarPulls> similar_pulls_;
};

// A desk with its own connection to the store; who uses the desk holds the mutex.
struct SharedDesk {
  SharedDesk(std::unique_ptr<Database> given, const Context& wanted, std::shared_ptr<BackgroundWork> work)
      : database(std::move(given)), desk(wanted.through(*database), std::move(work)) {}
  const std::unique_ptr<Database> database;
  std::mutex mutex;
  Desk desk;
};

// The desks used last; for several threads.
class Desks {
 public:
  explicit Desks(std::chrono::milliseconds patience) : work_(std::make_shared<BackgroundWork>(patience)) {}
  // version: of the store; whatever was learnt from another is forgotten. open: a connection for a new desk.
  std::shared_ptr<SharedDesk> at(const Context& wanted, const std::string& version,
                                 const std::function<std::unique_ptr<Database>()>& open);
  void forget(const std::shared_ptr<SharedDesk>& desk);
  const BackgroundWork& work() const { return *work_; }

 private:
  static constexpr std::size_t kKept = 3;
  const std::shared_ptr<BackgroundWork> work_;
  std::mutex mutex_;
  std::string version_;
  std::list<std::pair<std::string, std::shared_ptr<SharedDesk>>> desks_;  // the one used last comes first
};

// What the person who asks has noted and collected (all that was collected, where nobody says who they are): read for
// each page, since forms change it.
struct OwnNotes {
  // Nothing counts as snoozed for a page of the past.
  OwnNotes(const Context& context, Timestamp now, bool is_past, const std::string& user);
  const TriageMark& mark(std::int64_t item_id) const;
  bool is_snoozed(std::int64_t item_id) const;
  std::set<std::int64_t> snoozed() const;
  bool is_planned(std::int64_t item_id, const std::string& kind, const std::string& content) const;

  std::vector<CollectedAction> collected;

 private:
  std::map<std::int64_t, TriageMark> marks_;
  std::set<std::string> planned_;
  Timestamp now_;
  bool is_past_;
};

}  // namespace resident
