/**
 * A request as AWS Lambda gets it, payload format 2.0: from an HTTP API and from a function URL alike. As far as we use it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface ApiEvent {
  /** Path as it came, of an HTTP API with a stage other than `$default` behind the name of the stage. */
  rawPath: string;
  rawQueryString: string;
  /** Names in lower case; what came more than once is joined by commas. */
  headers: Readonly<Record<string, string | undefined>>;
  body?: string | undefined;
  isBase64Encoded: boolean;
  requestContext: {
    requestId?: string;
    http: { method: string };
    /** Put there by API Gateway where a route is authorised by IAM; nothing a client sends gets here. */
    authorizer?: { iam?: { userArn?: string } } | undefined;
  };
}

export interface ApiResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}
