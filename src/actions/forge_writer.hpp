// The writes that a forge takes, one small class a forge. Each write is preceded by a
// look at the item as it is now, so that nothing is done twice or to an item that has
// changed its state meanwhile.
#pragma once

#include <actions/plan.hpp>
#include <memory>
#include <net/forge.hpp>
#include <string>

namespace resident {

// How the item stands to an action at this moment.
enum class Standing {
  open_to_it,  // can be sent
  done,        // it is so already
  overtaken,   // the item is closed, gone, or otherwise not what the plan saw
};

struct Look {
  Standing standing = Standing::open_to_it;
  std::string why;
};

class ForgeWriter {
 public:
  virtual ~ForgeWriter() = default;
  // was_sent: an earlier run may have sent it and died, or was told that it failed, which gateways say of what
  // succeeded behind them, too; comments are then looked for by their mark. Throws Error when that can't be found out.
  virtual Look look(const PlannedAction& action, bool was_sent) = 0;
  // Throws Error when the forge refuses.
  virtual void send(const PlannedAction& action) = 0;
};

std::unique_ptr<ForgeWriter> github_writer(http::Client& client, const ForgeLocation& location);
std::unique_ptr<ForgeWriter> gitlab_writer(http::Client& client, const ForgeLocation& location);
std::unique_ptr<ForgeWriter> gitea_writer(http::Client& client, const ForgeLocation& location);

// Stands unseen at a comment's end, so that it is recognised: "<!-- resident:KEY -->".
std::string comment_mark(const PlannedAction& action);

}  // namespace resident
