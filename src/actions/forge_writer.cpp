// GitHub and Gitea, whose interfaces are alike, and GitLab.
#include <fmt/format.h>

#include <actions/forge_writer.hpp>
#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace resident {

namespace {

using Json = nlohmann::json;

constexpr int kMostPages = 200;  // of comments, labels, milestones

Json parse(const http::Response& response) {
  Json body = Json::parse(response.body, nullptr, false);
  if (body.is_discarded()) throw Error("the forge's answer is not JSON");
  return body;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool same(const std::string& a, const std::string& b) {
  return to_lower(a) == to_lower(b);
}

class Rest {
 public:
  Rest(http::Client& client, std::string base, http::Headers headers)
      : client_(client), base_(std::move(base)), headers_(std::move(headers)) {}

  // Nothing where it is not there any more.
  std::optional<Json> get(const std::string& path) {
    const http::Response response = client_.get(base_ + path, headers_);
    if (response.status == 404 || response.status == 410) return std::nullopt;
    if (response.status >= 400) throw Error(fmt::format("the forge answered {}", response.status));
    return parse(response);
  }
  // All pages of a list: a list that is not whole is an Error, since what is not on it would be written.
  std::vector<Json> list(const std::string& path) {
    std::vector<Json> all;
    std::string url = base_ + path;
    for (int page = 0; !url.empty(); ++page) {
      if (page == kMostPages) throw Error(fmt::format("{} has more than {} pages", path, kMostPages));
      const http::Response response = client_.get(url, headers_);
      if (response.status >= 400) throw Error(fmt::format("the forge answered {} for {}", response.status, path));
      Json entries = parse(response);
      if (!entries.is_array()) throw Error(fmt::format("the forge's answer for {} is no list", path));
      for (auto& each : entries) all.push_back(std::move(each));
      url = response.next_page();
      if (!url.empty() && http::origin_of(url) != http::origin_of(base_))
        throw Error(fmt::format("the next page of {} is said to be at another address", path));
    }
    return all;
  }
  // Whether that text stands in one of these comments.
  bool any_has(const std::string& path, const std::string& mark) {
    const auto comments = list(path);
    return std::any_of(comments.begin(), comments.end(),
                       [&](const Json& each) { return text_of(each, "body").find(mark) != std::string::npos; });
  }
  void write(const std::string& method, const std::string& path, const Json& body) {
    http::Request request{method, base_ + path, headers_, body.dump()};
    request.headers.emplace_back("Content-Type", "application/json");
    const http::Response response = client_.send(request);
    if (response.status < 300) return;
    const Json answer = Json::parse(response.body, nullptr, false);
    throw Error(fmt::format("the forge refused ({}): {}", response.status,
                            answer.is_object() ? one_line(clean_text(text_of(answer, "message"), 300)) : ""));
  }

 private:
  http::Client& client_;
  std::string base_;
  http::Headers headers_;
};

// What is the same at every forge: whether the item is open to the action.
Look look_at(const PlannedAction& action, bool is_closed, const std::set<std::string>& labels,
             const std::set<std::string>& assignees, const std::set<std::string>& reviewers,
             const std::string& milestone, const std::string& author) {
  const std::string wanted = to_lower(action.content);
  if (action.kind == "close") return is_closed ? Look{Standing::done, "it is closed already"} : Look{};
  if (action.kind == "reopen") return is_closed ? Look{} : Look{Standing::done, "it is open already"};
  if (is_closed) return {Standing::overtaken, "it has been closed meanwhile"};
  const auto is_so = [&](const std::set<std::string>& list) { return list.contains(wanted); };
  if (action.kind == "label" && is_so(labels)) return {Standing::done, "it has the label already"};
  if (action.kind == "unlabel" && !is_so(labels)) return {Standing::done, "it does not have the label"};
  if (action.kind == "assign" && is_so(assignees)) return {Standing::done, "it is assigned already"};
  if (action.kind == "unassign" && !is_so(assignees)) return {Standing::done, "it is not assigned"};
  if (action.kind == "request_review" && is_so(reviewers)) return {Standing::done, "the review is asked for already"};
  if (action.kind == "request_review" && same(author, action.content))
    return {Standing::overtaken, "nobody reviews their own pull request"};
  if (action.kind == "milestone" && same(milestone, action.content))
    return {Standing::done, "it has the milestone already"};
  return {};
}

std::set<std::string> names(const Json& object, const char* list, const char* key) {
  std::set<std::string> result;
  const auto found = object.find(list);
  if (found == object.end() || !found->is_array()) return result;
  for (const auto& each : *found)
    result.insert(to_lower(each.is_string() ? each.get<std::string>() : text_of(each, key)));
  return result;
}

std::string nested(const Json& object, const char* outer, const char* inner) {
  const auto found = object.find(outer);
  return found != object.end() && found->is_object() ? text_of(*found, inner) : std::string();
}

class GithubLike : public ForgeWriter {
 public:
  GithubLike(http::Client& client, const ForgeLocation& location, bool is_gitea)
      : rest_(client, fmt::format("{}/repos/{}", location.api_url, location.path),
              is_gitea
                  ? http::Headers{{"Accept", "application/json"}}
                  : http::Headers{{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}}),
        is_gitea_(is_gitea) {}

  Look look(const PlannedAction& action, bool was_sent) override {
    const auto item = rest_.get(fmt::format("/issues/{}", action.number));
    if (!item) return {Standing::overtaken, "it is not at the forge any more"};
    // Only who asks for a review needs the pull request itself.
    std::set<std::string> reviewers;
    if (action.kind == "request_review") {
      const auto pull = rest_.get(fmt::format("/pulls/{}", action.number));
      if (!pull) return {Standing::overtaken, "it is no pull request"};
      reviewers = names(*pull, "requested_reviewers", "login");
    }
    const Look result = look_at(action, text_of(*item, "state") == "closed", names(*item, "labels", "name"),
                                names(*item, "assignees", "login"), reviewers, nested(*item, "milestone", "title"),
                                nested(*item, "user", "login"));
    if (action.kind == "comment" && was_sent &&
        rest_.any_has(fmt::format("/issues/{}/comments?per_page=100", action.number), comment_mark(action)))
      return {Standing::done, "the comment stands there already"};
    return result;
  }

  void send(const PlannedAction& action) override {
    const std::string issue = fmt::format("/issues/{}", action.number);
    if (action.kind == "label") {
      rest_.write("POST", issue + "/labels",
                  {{"labels", Json::array({is_gitea_ ? label_id(action.content) : Json(action.content)})}});
    } else if (action.kind == "unlabel") {
      const std::string which = is_gitea_ ? label_id(action.content).dump() : escape_segment(action.content);
      rest_.write("DELETE", issue + "/labels/" + which, Json::object());
    } else if (action.kind == "comment") {
      rest_.write("POST", issue + "/comments", {{"body", action.content + "\n\n" + comment_mark(action)}});
    } else if (action.kind == "request_review") {
      rest_.write("POST", fmt::format("/pulls/{}/requested_reviewers", action.number),
                  {{"reviewers", Json::array({action.content})}});
    } else if (action.kind == "close" || action.kind == "reopen") {
      Json body{{"state", action.kind == "close" ? "closed" : "open"}};
      if (!is_gitea_ && action.kind == "close" && action.item_kind == "issue") body["state_reason"] = action.content;
      rest_.write("PATCH", issue, body);
    } else if (action.kind == "milestone") {
      rest_.write("PATCH", issue, {{"milestone", milestone_id(action.content)}});
    } else if (is_gitea_) {
      assign_at_gitea(action, issue);
    } else {
      rest_.write(action.kind == "assign" ? "POST" : "DELETE", issue + "/assignees",
                  {{"assignees", Json::array({action.content})}});
    }
  }

 private:
  static std::string escape_segment(const std::string& text) {
    // Servers take "." and ".." for folders, however they are escaped: another address than the label's.
    if (text == "." || text == "..")
      throw Error(fmt::format("“{}” can't be named in an address; use the forge's own page", text));
    std::string escaped = escape_url(text);
    for (std::size_t at = 0; (at = escaped.find('/', at)) != std::string::npos;) escaped.replace(at, 1, "%2F");
    return escaped;
  }
  Json label_id(const std::string& name) {
    for (const auto& label : rest_.list("/labels?limit=50"))
      if (same(text_of(label, "name"), name)) return label.at("id");
    throw Error(fmt::format("the project has no label {}", one_line(name)));
  }
  Json milestone_id(const std::string& title) {
    for (const auto& milestone : rest_.list("/milestones?state=all&per_page=100"))
      if (same(text_of(milestone, "title"), title)) return milestone.at(is_gitea_ ? "id" : "number");
    throw Error(fmt::format("the project has no milestone {}", one_line(title)));
  }
  void assign_at_gitea(const PlannedAction& action, const std::string& issue) {
    const auto item = rest_.get(issue);
    if (!item) throw Error("it is not at the forge any more");
    Json list = Json::array();
    for (const auto& name : names(*item, "assignees", "login"))
      if (!same(name, action.content)) list.push_back(name);
    if (action.kind == "assign") list.push_back(action.content);
    rest_.write("PATCH", issue, {{"assignees", list}});
  }

  Rest rest_;
  bool is_gitea_;
};

class Gitlab : public ForgeWriter {
 public:
  Gitlab(http::Client& client, const ForgeLocation& location)
      : rest_(client, project_url(location), {}), users_(client, location.api_url, {}) {}

  Look look(const PlannedAction& action, bool was_sent) override {
    const auto item = rest_.get(place(action));
    if (!item) return {Standing::overtaken, "it is not at the forge any more"};
    const std::string state = text_of(*item, "state");
    const Look result = look_at(action, state != "opened", names(*item, "labels", "name"),
                                names(*item, "assignees", "username"), names(*item, "reviewers", "username"),
                                nested(*item, "milestone", "title"), nested(*item, "author", "username"));
    if (action.kind == "comment" && was_sent &&
        rest_.any_has(place(action) + "/notes?per_page=100", comment_mark(action)))
      return {Standing::done, "the comment stands there already"};
    return result;
  }

  void send(const PlannedAction& action) override {
    const std::string item = place(action);
    if (action.kind == "comment")
      return rest_.write("POST", item + "/notes", {{"body", action.content + "\n\n" + comment_mark(action)}});
    Json change;
    if (action.kind == "label") change["add_labels"] = action.content;
    if (action.kind == "unlabel") change["remove_labels"] = action.content;
    if (action.kind == "close") change["state_event"] = "close";
    if (action.kind == "reopen") change["state_event"] = "reopen";
    if (action.kind == "milestone") change["milestone_id"] = milestone_id(action.content);
    if (action.kind == "request_review") change["reviewer_ids"] = with_user(item, "reviewers", action.content, true);
    if (action.kind == "assign" || action.kind == "unassign")
      change["assignee_ids"] = with_user(item, "assignees", action.content, action.kind == "assign");
    rest_.write("PUT", item, change);
  }

 private:
  static std::string project_url(const ForgeLocation& location) {
    std::string id = location.path;
    for (std::size_t at = 0; (at = id.find('/', at)) != std::string::npos;) id.replace(at, 1, "%2F");
    return fmt::format("{}/projects/{}", location.api_url, id);
  }
  static std::string place(const PlannedAction& action) {
    return fmt::format("/{}/{}", action.item_kind == "pull" ? "merge_requests" : "issues", action.number);
  }
  Json user_id(const std::string& name) {
    for (const auto& user : users_.list("/users?username=" + escape_url(name)))
      if (same(text_of(user, "username"), name)) return user.at("id");
    throw Error(fmt::format("there is no user {}", one_line(name)));
  }
  Json milestone_id(const std::string& title) {
    for (const auto& milestone : rest_.list("/milestones?per_page=100"))
      if (same(text_of(milestone, "title"), title)) return milestone.at("id");
    throw Error(fmt::format("the project has no milestone {}", one_line(title)));
  }
  // The ids of who is there now, with the user among them or not.
  Json with_user(const std::string& item, const char* list, const std::string& name, bool among) {
    Json ids = Json::array();
    const auto now = rest_.get(item);
    if (now && now->contains(list))
      for (const auto& user : now->at(list))
        if (!same(text_of(user, "username"), name)) ids.push_back(user.at("id"));
    if (among) ids.push_back(user_id(name));
    if (ids.empty()) ids.push_back(0);  // GitLab: 0 takes all away
    return ids;
  }

  Rest rest_, users_;
};

}  // namespace

std::string comment_mark(const PlannedAction& action) {
  return fmt::format("<!-- resident:{} -->", action.key);
}

std::unique_ptr<ForgeWriter> github_writer(http::Client& client, const ForgeLocation& location) {
  return std::make_unique<GithubLike>(client, location, false);
}
std::unique_ptr<ForgeWriter> gitea_writer(http::Client& client, const ForgeLocation& location) {
  return std::make_unique<GithubLike>(client, location, true);
}
std::unique_ptr<ForgeWriter> gitlab_writer(http::Client& client, const ForgeLocation& location) {
  return std::make_unique<Gitlab>(client, location);
}

}  // namespace resident
