// A client for tests of the dashboard's server: one request a call, over our own libcurl
// transport, redirects not followed.
#pragma once

#include <base/text.hpp>
#include <memory>
#include <net/http.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::test {

struct Answer {
  int status = 0;
  std::string body;
  http::Response whole;
  std::string header(std::string_view name) const { return std::string(whole.header(name)); }
};

class Client {
 public:
  explicit Client(int port) : origin_("http://127.0.0.1:" + std::to_string(port)), curl_(http::curl_transport()) {}

  std::shared_ptr<Answer> send(const std::string& method, const std::string& path, const http::Headers& headers = {},
                               const std::string& body = {}) {
    http::Response response = curl_->send({method, origin_ + path, headers, body});
    return std::make_shared<Answer>(Answer{response.status, response.body, response});
  }
  std::shared_ptr<Answer> get(const std::string& path, const http::Headers& headers = {}) {
    return send("GET", path, headers);
  }
  std::shared_ptr<Answer> post_form(const std::string& path,
                                    const std::vector<std::pair<std::string, std::string>>& fields,
                                    http::Headers headers = {}) {
    std::string body;
    for (const auto& [name, value] : fields)
      body += (body.empty() ? "" : "&") + escape_url(name) + "=" + escape_url(value);
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return send("POST", path, headers, body);
  }

 private:
  std::string origin_;
  std::unique_ptr<http::Transport> curl_;
};

}  // namespace resident::test
