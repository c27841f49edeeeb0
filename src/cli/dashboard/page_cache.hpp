// The pages of the dashboard for its server: those that only show are kept while the
// store does not change, those that one works on keep what they have learnt (Desks).
#pragma once

#include <cli/command.hpp>
#include <cli/dashboard/pages.hpp>

namespace resident {

class PageCache {
 public:
  explicit PageCache(const Invocation& invocation);

  std::vector<std::string> projects() { return project_names(*database_); }
  // None: there is no such item or thread.
  std::vector<Page> pages(const PageRequest& request);
  std::string collect(const PlanRequest& request);

 private:
  std::optional<Page> work_page(const PageRequest& request, Context context);
  bool answer_merge_of(const Context& context, const ReviewEntry& entry);
  std::string plan_command(const Context& context) const;

  const Invocation& invocation_;
  Config config_;
  std::unique_ptr<Database> database_;
  std::map<std::string, std::vector<Page>> cache_;
  std::string version_;
  Desks desks_;  // refer to the database
};

}  // namespace resident
