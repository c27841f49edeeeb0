// What every source shares that asks another machine for JSON: where it is, its
// token, a Client that obeys limits, pages, and answers that are not what they
// should be. A body that is no JSON, or JSON of another shape, is asked for again; after
// that it is trouble of the server's, which a later run meets better, and so is a list
// that ends in the middle: nothing is taken for empty or whole that is not.
#pragma once

#include <functional>
#include <memory>
#include <net/http.hpp>
#include <optional>
#include <sources/json/json_reader.hpp>
#include <sources/source.hpp>
#include <string>

namespace resident::live {

// "https://gitlab.com/group/sub/name" in its parts; scheme and port are kept, ".git" and what follows "/-/" are not.
struct Place {
  std::string origin;  // https://HOST[:PORT]
  std::string host;    // HOST[:PORT], lower case: also the name in [forge."HOST"]
  std::string path;    // without slashes at its ends; may be empty

  std::string location() const { return path.empty() ? origin : origin + "/" + path; }
};
// A host without a scheme is taken for https. Throws Error{usage} where there is no host.
Place parse_place(const std::string& text);

struct ApiShape {
  std::string_view kind;  // gitlab, gitea, discourse: whose token, whose section of the configuration
  std::string_view path;  // behind the origin: "/api/v4"
  std::string_view token_header = "Authorization";
  std::string_view token_prefix = "Bearer ";
  bool takes_password = false;  // a token with a colon is "user:password", and goes as RFC 7617 says
  // The variable that usually holds the token, beside the host's own; "": what net/forge.hpp knows of the kind.
  std::string_view token_variable = "";
};

class Page {
 public:
  explicit Page(http::Response response);  // throws Error where the body is not JSON
  const json::Element& root() const { return root_; }
  const std::string& next() const { return next_; }             // address of the next page; ""
  std::optional<std::int64_t> total() const { return total_; }  // of all pages, if the forge says so

 private:
  std::unique_ptr<json::Parser> parser_;
  json::Element root_;
  std::string next_;
  std::optional<std::int64_t> total_;
};

enum class Shape { object, list };

class Api {
 public:
  Api(const Place& place, const ApiShape& shape, const SyncOptions& options);
  // path: below the API's address, or a whole address. Nothing where the answer is 404, 410, 422 or 451. Throws
  // ServerTrouble where it is no JSON of that shape.
  std::optional<Page> get(const std::string& path, Shape shape = Shape::object);
  // As get(), and nothing, too, where that one thing is hidden from the account. A token that has expired is refused in
  // the same way: so `welcome`, which the account may see, is asked for then, and its refusal is thrown.
  std::optional<Page> get_if_allowed(const std::string& path, const std::string& welcome, bool& is_hidden,
                                     Shape shape = Shape::object);
  // What a question by POST is answered, of a service that only tells and changes nothing; as get().
  std::optional<Page> ask(const std::string& path, const std::string& json);
  // The text there, whatever it is; nothing as for get().
  std::optional<std::string> get_text(const std::string& path, const std::string& accept);
  // All elements of all pages, in order; false where the first page is not there. take may return false to stop. Throws
  // ServerTrouble where a later page is not there.
  bool each(const std::string& path, const std::function<bool(const json::Element&)>& take);
  // Between requests, where a forum asks for politeness rather than announcing limits.
  void pause(double seconds) { client_->waiter().wait(seconds, "politeness"); }
  const std::string& base() const { return base_; }
  bool has_token() const { return has_token_; }
  const http::ClientStatistics& statistics() const { return client_->statistics(); }

 private:
  std::optional<Page> object(const http::Request& request, Shape shape);

  std::string base_;
  bool has_token_ = false;
  std::unique_ptr<http::Client> client_;
};

// What an element says, in the shortest form: for fingerprints and to be kept.
std::string minified(const json::Element& element);
// Whether an Error concerns one record alone, so that it can be set aside and the rest read on.
bool is_of_one_record(const Error& error);

}  // namespace resident::live
