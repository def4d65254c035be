# Calls of the library. A failure becomes a condition of R with the library's message: its class says what was wrong,
# so that tryCatch() can tell a misspelt name from a model without a solution.

failures <- c("derisk_usage", "derisk_bad_input", "derisk_no_solution", "derisk_machine", "derisk_cancelled")

raise <- function(failure) {
  if (failure$status < 0) { # Ctrl-C
    signalCondition(structure(list(message = "interrupted", call = NULL), class = c("interrupt", "condition")))
    invokeRestart("abort")
  }
  stop(structure(list(message = failure$message, call = NULL),
                 class = c(failures[failure$status], "derisk_error", "error", "condition")))
}

# A mistake that R finds before the library does.
misuse <- function(...) raise(list(status = 1L, message = paste0(...)))

checked <- function(value) if (inherits(value, "derisk_failure")) raise(value) else value

# Texts in UTF-8; several of them as the list, separated by commas, that the library takes.
plain <- function(value) {
  if (is.factor(value)) value <- as.character(value)
  if (is.character(value)) enc2utf8(value) else value
}
joined <- function(value) if (is.null(value)) NULL else paste(plain(value), collapse = ",")

# The function of the library of that name (src/r_functions.h); arguments that are NULL take their default there.
call_library <- function(.function, ...) call_listed(.function, list(...))
call_listed <- function(.function, arguments) {
  arguments <- lapply(arguments[!vapply(arguments, is.null, NA)], plain)
  progress <- isTRUE(getOption("derisk.progress", interactive()))
  checked(.Call(derisk_call, .function, arguments, progress))
}

dr_version <- function() .Call(derisk_version)
