// A ticket by the calls that a Trac answers where the plugin XmlRpcPlugin is, as JSON: its fields as they are kept, and
// its whole change log as the database has it, in one request. Told apart from pages only by what says more: texts as
// they were written, moments to the second, what a checkbox was, edits of comments.
#pragma once

#include <optional>
#include <sources/forge/api.hpp>
#include <sources/trac/trac_ticket.hpp>
#include <string>

namespace resident::trac {

class TracCalls {
 public:
  // prefix: of the Trac's address, below the api's.
  TracCalls(live::Api& api, std::string prefix) : api_(api), prefix_(std::move(prefix)) {}
  // Whether the plugin is there and answers who asks; asked for once.
  bool are_there();
  // Nothing where there is no such ticket. Throws Error{authentication} where it may not be seen.
  std::optional<TracTicket> ticket(std::int64_t number, const trackers::Problem& problem);

 private:
  live::Api& api_;
  std::string prefix_;
  std::optional<bool> are_there_;
};

// What it answered to ticket.get and ticket.changeLog. Throws Error for what is no ticket.
TracTicket ticket_of_calls(const json::Element& get, const json::Element& change_log, const trackers::Problem& problem);

}  // namespace resident::trac
