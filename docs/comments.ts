import { readFileSync } from "node:fs";
import ts from "typescript";

/**
 * The comments at the keys of a schema, by path: `storage.prefix`, `tolerations[].key`; alternatives of a list or object
 * are told apart by their kind, `alerting.receivers[slack].channel`.
 * @param files where keys are declared, and commented
 * @param root the constant that holds the schema
 * @param at the path that it stands at. @default the whole configuration
 */
export function comments(files: readonly string[], root: string, at = ""): ReadonlyMap<string, string> {
  const declared = declarations(files);
  const found = new Map<string, string>();

  const visit = (node: ts.Expression, path: string): void => {
    if (ts.isIdentifier(node)) {
      const value = declared.get(node.text);
      if (value !== undefined) visit(value, path);
    } else if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) visitProperty(property, path);
    } else if (ts.isCallExpression(node)) visitCall(node, path);
  };

  const visitProperty = (property: ts.ObjectLiteralElementLike, path: string): void => {
    if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) return;
    const name = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
    const key = path === "" ? name : `${path}.${name}`;
    const text = commentOf(property);
    if (text !== "") found.set(key, text);
    visit(ts.isPropertyAssignment(property) ? property.initializer : property.name, key);
  };

  const visitCall = ({ expression: callee, arguments: args }: ts.CallExpression, path: string): void => {
    if (ts.isIdentifier(callee)) return visit(callee, path);
    if (!ts.isPropertyAccessExpression(callee)) return;
    const method = callee.name.text;
    const [first, second] = args;
    if (callee.expression.getText() === "z") {
      if (method === "strictObject" && first) visit(first, path);
      if (method === "preprocess" && second) visit(second, path);
      if (method === "array" && first) visit(first, `${path}[]`);
      if (method === "record" && second) visit(second, `${path}.<name>`);
      if (method === "discriminatedUnion" && second && ts.isArrayLiteralExpression(second)) {
        for (const alternative of second.elements)
          visit(alternative, `${path.replace(/\[\]$/, "")}[${kindOf(alternative)}]`);
      }
      return;
    }
    visit(callee.expression, path);
    if (method === "extend" && first) visit(first, path);
  };

  visit(ts.factory.createIdentifier(root), at);
  return found;
}

/** Constants by name; of a function, what it returns. */
function declarations(files: readonly string[]): Map<string, ts.Expression> {
  const declared = new Map<string, ts.Expression>();
  for (const name of files) {
    const file = ts.createSourceFile(name, readFileSync(name, "utf8"), ts.ScriptTarget.Latest, true);
    for (const statement of file.statements) {
      if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
        const returned = statement.body?.statements.find(ts.isReturnStatement)?.expression;
        if (returned) declared.set(statement.name.text, returned);
      }
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name: variable, initializer } of statement.declarationList.declarations) {
        if (initializer) declared.set(variable.getText(), initializer);
      }
    }
  }
  return declared;
}

/** The literal of an alternative's `kind`. */
function kindOf(alternative: ts.Expression): string {
  return /kind: z\.literal\("([^"]+)"\)/.exec(alternative.getText())?.[1] ?? "";
}

/** A comment as one paragraph, its `@default` as a sentence at the end. */
function commentOf(property: ts.Node): string {
  const parts = ts.getJSDocCommentsAndTags(property).flatMap((each) => {
    const tags = ts.isJSDoc(each) ? (each.tags ?? []) : [];
    const text = ts.getTextOfJSDocComment(each.comment);
    return [text, ...tags.map((tag) => `Default: ${ts.getTextOfJSDocComment(tag.comment) ?? ""}.`)];
  });
  return parts
    .filter((part) => part !== undefined && part !== "")
    .join(" ")
    .replace(/\s+/g, " ");
}
