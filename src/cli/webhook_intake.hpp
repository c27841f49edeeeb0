// Takes webhooks for `resident serve`: verifies each, keeps it, answers once it is kept
// (many in one transaction), and reads the items they speak of in the background. What
// is kept survives the process; what came twice is kept once.
#pragma once

#include <cli/command.hpp>
#include <functional>
#include <map>
#include <memory>
#include <net/http.hpp>
#include <server/content.hpp>
#include <string>

namespace resident {

class WebhookIntake {
 public:
  // secrets: by project. Nothing is taken for projects that have none.
  WebhookIntake(const Invocation& invocation, std::map<std::string, http::Token> secrets);
  ~WebhookIntake();
  // Answers at once, or when it is kept, from another thread. For several threads at once.
  void take(const WebhookRequest& request, std::function<void(WebhookAnswer)> reply);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// Of all projects in the store that configure one.
std::map<std::string, http::Token> webhook_secrets(const Invocation& invocation);

}  // namespace resident
