// Makes the pages of the dashboard for its server, from several threads at once: each
// page on a connection of its own, so that a slow one keeps no other waiting. Those that
// one works on share what they have learnt (Desks), and are made one after the other. A
// connection that failed is not used again: once the store is back, so are the pages.
#pragma once

#include <cli/command.hpp>
#include <cli/dashboard/pages.hpp>
#include <mutex>

namespace resident {

// Connections for reading, opened when they are needed and used again; for several threads.
class ReadConnections {
 public:
  explicit ReadConnections(const Invocation& invocation) : invocation_(invocation) {}

  // Calls use(database). What fails because the connection was lost is tried once more with a new one; those that
  // idled are closed then, for what ended one mostly ended all.
  template <class Use>
  auto with(const Use& use) {
    for (bool is_first = true;; is_first = false) {
      auto database = take();
      try {
        auto result = use(*database);
        give_back(std::move(database));
        return result;
      } catch (const std::exception&) {
        if (is_alive(*database)) {
          give_back(std::move(database));
          throw;
        }
        close_idle();
        if (!is_first) throw;
      }
    }
  }
  // Whether the store still answers.
  static bool is_alive(Database& database) noexcept;

 private:
  std::unique_ptr<Database> take();
  void give_back(std::unique_ptr<Database> database);
  void close_idle();

  const Invocation& invocation_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
};

class DashboardPages {
 public:
  // patience: how long a page waits for a part of it that has to be learnt.
  DashboardPages(const Invocation& invocation, std::chrono::milliseconds patience);
  // Whether something is still being learnt.
  bool is_learning() const { return desks_.work().running > 0; }

  std::vector<std::string> projects();
  // None: there is no such item or thread.
  std::vector<Page> pages(const PageRequest& request);
  // What the server before this one made of a page, kept as what was learnt is.
  std::optional<RememberedPage> recall(const PageRequest& request);
  void remember(const PageRequest& request, const RememberedPage& page);
  // Changes whenever sources were read.
  std::string state();
  // Changes whenever the page may.
  std::string version(const PageRequest& request);
  std::string collect(const PlanRequest& request);
  // Throws Error where the store does not answer.
  void check();

 private:
  struct Versions {
    std::string any;      // changes with every write
    std::string sources;  // with what was read from sources, and people
    std::string marks;    // with what people put off
    std::vector<std::string> projects;
  };
  Versions versions();
  Page search(const PageRequest& request);
  Page fleet_page(const PageRequest& request);
  std::optional<Page> work_page(const PageRequest& request);
  std::optional<Page> make_work_page(const PageRequest& request, Desk& desk);
  bool answer_merge_of(const Context& context, const ReviewEntry& entry);
  std::string plan_command(const Context& context) const;

  const Invocation& invocation_;
  Config config_;
  ReadConnections connections_;
  std::mutex versions_mutex_;
  std::unique_ptr<Database> watching_;  // tells when others write
  std::int64_t watchers_ = 0;           // opened so far
  Versions versions_;
  Desks desks_;
};

}  // namespace resident
