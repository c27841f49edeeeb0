// Issues and pull requests as they flowed until the moment: when each came, was answered,
// reviewed, merged and closed, from whom, how large and under which labels. One query a
// table. Bots' items are left out, and so are spam and what the forge no longer has; answers
// are by somebody else than the author and no bot, and no commands to machines, as in the metrics (item_response).
#pragma once

#include <memory>
#include <model/open_items.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

// Who opened it, as was known then: newcomer, whose first item it is; core, who may merge (configured, or
// merged somebody's pull request in the two years before the moment); regular, everybody else.
enum class AuthorKind { newcomer, regular, core };
const char* author_kind_name(AuthorKind kind);

struct OpenStretch {
  Timestamp opened = 0;
  std::optional<Timestamp> closed;  // nothing: still open at the moment
};

struct FlowItem {
  std::int64_t id = 0, number = 0;
  bool is_pull = false, is_draft = false;  // draft: today's state
  std::int64_t author = 0;                 // person; 0: unknown
  AuthorKind author_kind = AuthorKind::regular;
  Timestamp created = 0;
  std::optional<Timestamp> responded, reviewed, merged, closed;  // closed: finally, as it stood at the moment
  std::int64_t responder = 0;                                    // person
  std::optional<std::int64_t> size;                              // lines added and deleted, of a pull request
  std::vector<OpenStretch> stretches;                            // in order; more than one where it was reopened
  std::vector<std::string> labels;                               // today's
  std::string module;                                            // of most of its changed files; "" unknown
};

// openings: when they came and went; times: with answers, too; everything: with labels and modules.
enum class FlowDetail { openings, times, everything };
std::vector<FlowItem> load_flow_items(const Context& context, const People& people,
                                      FlowDetail detail = FlowDetail::everything);

// The same for all sections of a page, which may be given more detail than they ask for.
std::shared_ptr<const std::vector<FlowItem>> shared_flow_items(const Context& context, const People& people,
                                                               FlowDetail detail);

// A sentence where there is a silence among the moments that chance does not explain, so that data may be lacking:
// three months, and thirty times the usual time between two (of 100,000 at random the longest is some seventeen times
// it). what: "issue was opened". "" where there is none.
std::string gap_note(std::vector<Timestamp> moments, std::string_view what);

}  // namespace resident
