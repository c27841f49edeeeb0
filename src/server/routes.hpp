// Where a request leads, by its head alone: whom the server answers, which methods and
// how large a body it takes where. Pure, so that it can be fuzzed.
#pragma once

#include <server/message.hpp>
#include <string>
#include <variant>
#include <vector>

namespace resident::server {

struct RouteRules {
  std::string host = "127.0.0.1";  // beside localhost, 127.0.0.1 and ::1
  int port = 0;
  bool takes_forms = false, takes_webhooks = false;
  std::string user_header = {};         // without which nothing is answered; "": none is asked for
  std::vector<std::string> names = {};  // other host names
};

enum class Route { page, json, health, state, form, webhook };

struct Routed {
  Route route = Route::page;
  std::size_t largest_body = 0;
};

// The head's target was read.
std::variant<Routed, Refusal> route(const Request& head, const RouteRules& rules);

inline constexpr std::string_view kStatePath = "/state";
inline constexpr std::string_view kApi = "/api/", kWebhooks = "/webhooks/";

}  // namespace resident::server
