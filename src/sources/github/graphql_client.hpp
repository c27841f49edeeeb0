// Asking GitHub over GraphQL. What HTTP calls a success may be none there: limits come
// as an error in a 200, time-outs as "something went wrong", and half an answer as
// data with errors. Here each becomes what a caller can act on: a wait, a ServerTrouble
// (ask for less), or an answer that says it is partial.
#pragma once

#include <memory>
#include <net/http.hpp>
#include <nlohmann/json_fwd.hpp>
#include <sources/json/json_reader.hpp>
#include <string>

namespace resident::github {

struct GraphqlAnswer {
  std::unique_ptr<json::Parser> parser;
  json::Element data;
  std::string error;       // the first of its errors; "" where it is whole
  std::string error_type;  // NOT_FOUND, …; "" where the forge names none

  bool is_partial() const { return !error.empty(); }
  // data.repository; where there is none, throws Error if it cannot be had, else ServerTrouble.
  json::Object repository() const;
};

class GraphqlClient {
 public:
  GraphqlClient(http::Client& client, std::string url) : client_(client), url_(std::move(url)) {}
  // Throws ServerTrouble when the forge could not answer, Error when it will not.
  GraphqlAnswer ask(const std::string& query, const nlohmann::json& variables);
  std::int64_t points() const { return points_; }  // spent, as the forge says

 private:
  http::Client& client_;
  std::string url_;
  std::int64_t points_ = 0;
};

}  // namespace resident::github
