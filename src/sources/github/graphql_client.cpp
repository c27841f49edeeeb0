#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <net/token.hpp>
#include <nlohmann/json.hpp>
#include <sources/github/graphql_client.hpp>

namespace resident::github {

namespace {

constexpr int kLimitAttempts = 10;    // of one query that is refused for the budget
constexpr int kBrokenAttempts = 4;    // of one query whose answer is no answer
constexpr double kUnknownReset = 60;  // seconds, where the forge does not say when the budget is renewed

struct FirstError {
  std::string type, message;
};

FirstError first_error(const json::Object& root) {
  const auto errors = root.array("errors");
  if (!errors) return {};
  for (const json::Element element : *errors) {
    const json::Object error(element, "errors/0");
    return {error.text("type"), redact(one_line(clean_text(error.text("message"), 300)))};
  }
  return {};
}

}  // namespace

json::Object GraphqlAnswer::repository() const {
  const json::Object root(data, "data");
  if (const auto repository = root.object("repository")) return *repository;
  if (is_partial() && error_type != "NOT_FOUND" && error_type != "FORBIDDEN")
    throw http::ServerTrouble("GraphQL gave half an answer: " + error, 0);
  throw Error(ErrorKind::authentication, error.empty() ? "the forge knows no such repository" : error,
              "check its name, and whether the token may see it (`resident auth`)");
}

GraphqlAnswer GraphqlClient::ask(const std::string& query, const nlohmann::json& variables) {
  const nlohmann::json body{{"query", query}, {"variables", variables}};
  http::Request request{"POST",
                        url_,
                        {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
                        body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                        true};
  int limited = 0, broken = 0;
  while (true) {
    const http::Response response = client_.send(request);
    GraphqlAnswer answer;
    answer.parser = std::make_unique<json::Parser>(std::size_t{1} << 30);
    std::string trouble;
    try {
      const json::Object root(json::parse(*answer.parser, response.body), "answer");
      const FirstError error = first_error(root);
      if (error.type == "RATE_LIMITED") {
        if (++limited > kLimitAttempts)
          throw Error(ErrorKind::incomplete, "the forge keeps refusing for its limits",
                      "run it again later; it resumes");
        // Where the budget is known the next request waits for it by itself.
        if (!client_.budget("graphql").reset_at) client_.waiter().wait(kUnknownReset, "the forge's budget of points");
        continue;
      }
      const auto data = root.element("data");
      if (data && data->is_object()) {
        answer.data = *data;
        answer.error = error.message.empty() && root.array("errors") ? "an error without words" : error.message;
        answer.error_type = error.type;
        if (const auto limit = json::Object(*data, "data").object("rateLimit"))
          points_ += limit->integer("cost").value_or(0);
        return answer;
      }
      trouble = error.message.empty() ? root.text("message") : error.message;
      if (error.type == "NOT_FOUND" || error.type == "FORBIDDEN" || error.type == "INSUFFICIENT_SCOPES")
        throw Error(ErrorKind::authentication, trouble, "check the repository's name and the token's scopes");
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::failed) throw;
      trouble = error.what();  // cut short, or no JSON at all
    }
    if (++broken >= kBrokenAttempts)
      throw http::ServerTrouble(fmt::format("GraphQL gave no answer: {}", redact(one_line(clean_text(trouble, 300)))),
                                0);
    client_.waiter().wait(broken, "an answer that is none");
  }
}

}  // namespace resident::github
