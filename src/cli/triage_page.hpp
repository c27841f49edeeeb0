// The dashboard's triage page: issue after issue with what is known of it and forms
// that collect a plan, note or snooze. Nothing here sends anything to a forge.
#pragma once

#include <actions/plan_book.hpp>
#include <actions/triage_marks.hpp>
#include <analyses/triage/facts.hpp>
#include <views/server/server.hpp>

namespace resident {

// What was learnt for the page is kept as long as the store's version is the same.
class TriagePage {
 public:
  Page make(Context context, const std::string& version, std::int64_t from, Timestamp now);

 private:
  struct Kept {
    explicit Kept(Context of) : context(std::move(of)), advisor(context) {}
    Context context;
    TriageAdvisor advisor;
  };
  std::string key_;
  std::unique_ptr<Kept> kept_;
};

// What a form asks for: an action into the plan, a snooze (days), or a note. Throws Error where it cannot be.
void collect_from_page(const Context& context, const PlanRequest& request, Timestamp now);

}  // namespace resident
