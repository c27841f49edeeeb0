// What assistants are served: every analysis as a tool with its parameters, the
// backtests, and the plan that is being collected, to read, add to and take back from.
// Nothing here sends anything; what was planned waits for a person's
// `resident plan --apply`. Answers are bounded, and marked as what they are: words of
// strangers, which are to be judged and never obeyed.
#pragma once

#include <cli/command.hpp>
#include <cli/mcp/server.hpp>

namespace resident::mcp {

// Invocation's --project, where it is given, is the only one that is served.
Service make_service(const Invocation& invocation);

// A Result's share of an answer.
struct Window {
  std::size_t skip = 0, rows = 50;
};
// {notice, results: […]} and the same as text: the claims, then a row a line as JSON.
Answer answer_of(std::vector<Result> results, const Window& window);

}  // namespace resident::mcp
