"""Applies rendered AWS files to a moto server, reads everything back, tries the roles, and lints the IAM documents.

usage: aws.py <moto endpoint> <folder>    applies and lints <folder>/*.json
       aws.py lint <folder>               lints only

Prints {"checks": number of comparisons made, "faults": [what differs]} as JSON. Knows nothing of the expected values but
what the files say: every comparison is between a file and what the server answers.
"""

import json
import pathlib
import sys
import urllib.request

import boto3
import botocore.exceptions
import botocore.session
import botocore.validate
import parliament

KEYS = {"aws_access_key_id": "check", "aws_secret_access_key": "check"}

# What parliament 1.6.4 says although the document is right. A finding is let through when its issue and the beginning of
# its detail are listed; any other finding, of any severity, is a fault.
KNOWN_FINDINGS = [
    # Its pattern for numbers knows whole ones only; AWS documents s3:TlsVersion with "1.2".
    ("MISMATCHED_TYPE", "Type mismatch: s3:TlsVersion requires a value of type Numeric"),
    # The denial is for s3:*; the key is missing from its tables for actions on access points and replication.
    ("UNKNOWN_CONDITION_FOR_ACTION", "Unknown condition s3:TlsVersion for action s3:"),
    # It knows SAML and a few public providers, no EKS issuer and none of its condition keys.
    ("UNKNOWN_FEDERATION_SOURCE", "arn:"),
    ("UNKNOWN_CONDITION_FOR_ACTION", "Unknown condition oidc.eks."),
]

# Documents with faults that the linter must see; when it does not, its silence about ours means nothing.
CONTROLS = [
    ("s3:GetObjekt", "arn:aws:s3:::bucket/*"),
    ("s3:GetObject", "*"),
    ("s3:GetObject", "arn:aws:s3:::bucket"),
]


class Report:
    def __init__(self):
        self.checks = 0
        self.faults = []

    def same(self, what, actual, expected):
        self.checks += 1
        if actual != expected:
            self.faults.append(f"{what}: server says {json.dumps(actual)}, file says {json.dumps(expected)}")

    def true(self, what, holds):
        self.checks += 1
        if not holds:
            self.faults.append(what)


def api(value):
    """From the provider's spelling to the API's: `daysAfterInitiation` to `DaysAfterInitiation`."""
    special = {"sseAlgorithm": "SSEAlgorithm", "id": "ID"}
    if isinstance(value, dict):
        return {special.get(key, key[0].upper() + key[1:]): api(inner) for key, inner in value.items()}
    return [api(inner) for inner in value] if isinstance(value, list) else value


def tag_list(tags):
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def by_key(tags):
    return sorted(tags, key=lambda tag: tag["Key"])


def apply_bucket(s3, bucket, report):
    name = bucket["name"]
    where = {} if bucket["region"] == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": bucket["region"]}}
    s3.create_bucket(Bucket=name, **where)
    block, ownership = api(bucket["publicAccessBlock"]), {"Rules": [api(bucket["ownershipControls"]["rule"])]}
    encryption, lifecycle = api(bucket["encryption"]), api(bucket["lifecycle"])
    versioning = api(bucket.get("versioning", {}).get("versioningConfiguration", {}))
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(bucket["tags"])})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=ownership)
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=encryption)
    if versioning:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=lifecycle)
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(bucket["policy"]))

    def same(what, actual, expected):
        report.same(f"{name} {what}", actual, expected)

    same("region", s3.get_bucket_location(Bucket=name)["LocationConstraint"], bucket["region"])
    same("tags", by_key(s3.get_bucket_tagging(Bucket=name)["TagSet"]), tag_list(bucket["tags"]))
    same("public access", s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"], block)
    same("ownership", s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"], ownership)
    read = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    # The server adds BucketKeyEnabled, which means something for keys of KMS only.
    same("encryption", [{k: v for k, v in rule.items() if k != "BucketKeyEnabled"} for rule in read], encryption["Rules"])
    same("versioning", s3.get_bucket_versioning(Bucket=name).get("Status"), versioning.get("Status"))
    same("lifecycle", s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"], lifecycle["Rules"])
    same("policy", json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]), bucket["policy"])
    # A bucket of this name is the only one that the ARNs in the role's policy may mean.
    report.true(f"{name}: its ARN is {bucket['arn']}", bucket["arn"].endswith(f":s3:::{name}"))


def apply_role(iam, role, report):
    name = role["name"]
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps(role["trust"]),
        Description=role["description"],
        Tags=tag_list(role["tags"]),
    )
    iam.put_role_policy(RoleName=name, PolicyName="objects", PolicyDocument=json.dumps(role["policy"]))
    read = iam.get_role(RoleName=name)["Role"]
    report.same(f"{name} ARN", read["Arn"], role["arn"])
    report.same(f"{name} trust", read["AssumeRolePolicyDocument"], role["trust"])
    report.same(f"{name} description", read["Description"], role["description"])
    report.same(f"{name} tags", by_key(read["Tags"]), tag_list(role["tags"]))
    report.same(f"{name} policies", iam.list_role_policies(RoleName=name)["PolicyNames"], ["objects"])
    policy = iam.get_role_policy(RoleName=name, PolicyName="objects")["PolicyDocument"]
    report.same(f"{name} policy", policy, role["policy"])


def check_association(role, report):
    """moto has no Pod Identity associations: the request is held against the API's own model instead."""
    if "podIdentity" not in role:
        return
    model = botocore.session.get_session().get_service_model("eks").operation_model("CreatePodIdentityAssociation")
    request = {**role["podIdentity"], "roleArn": role["arn"], "tags": role["tags"]}
    errors = botocore.validate.ParamValidator().validate(request, model.input_shape)
    report.true(f"{role['name']} association: {errors.generate_report()}", not errors.has_errors())


def allowed(call):
    try:
        call()
        return True
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in ("AccessDenied", "403", "Forbidden"):
            return False
        raise


def try_roles(endpoint, region, admin, sts, buckets, roles, report):
    """Each role, with the server's permission checks on: its own objects, and nothing else."""
    # moto does not evaluate conditions in bucket policies: our denial of plain HTTP would deny everything. It has been
    # read back by now.
    for bucket in buckets:
        admin.delete_bucket_policy(Bucket=bucket["name"])
    mine = {role["system"]: next(b["name"] for b in buckets if b["tags"]["system"] == role["system"]) for role in roles}
    for role in roles:
        session = sts.assume_role(RoleArn=role["arn"], RoleSessionName="check")["Credentials"]
        keys = {
            "aws_access_key_id": session["AccessKeyId"],
            "aws_secret_access_key": session["SecretAccessKey"],
            "aws_session_token": session["SessionToken"],
        }
        s3 = boto3.client("s3", endpoint_url=endpoint, region_name=region, **keys)
        own, other = mine[role["system"]], next(name for system, name in mine.items() if system != role["system"])
        prefix = next(s for s in role["policy"]["Statement"] if s["Sid"] == "UseObjects")["Resource"].split(":::")[1]
        inside = prefix.split("/", 1)[1].replace("*", "fake/chunk")
        calls = [
            (True, "write its objects", lambda: s3.put_object(Bucket=own, Key=inside, Body=b"x")),
            (True, "read its objects", lambda: s3.get_object(Bucket=own, Key=inside)),
            (True, "list its bucket", lambda: s3.list_objects_v2(Bucket=own)),
            (True, "delete its objects", lambda: s3.delete_object(Bucket=own, Key=inside)),
            (False, "write outside its prefix", lambda: s3.put_object(Bucket=own, Key="elsewhere/x", Body=b"x")),
            (False, "delete outside its prefix", lambda: s3.delete_object(Bucket=own, Key="elsewhere/x")),
            (False, "write to the other bucket", lambda: s3.put_object(Bucket=other, Key=inside, Body=b"x")),
            (False, "list the other bucket", lambda: s3.list_objects_v2(Bucket=other)),
            (False, "change its bucket's lifecycle", lambda: s3.delete_bucket_lifecycle(Bucket=own)),
            (False, "change its bucket's policy", lambda: s3.delete_bucket_policy(Bucket=own)),
            (False, "delete its bucket", lambda: s3.delete_bucket(Bucket=own)),
        ]
        enforce(endpoint, True)
        try:
            for may, what, call in calls:
                report.true(f"{role['name']} {'cannot' if may else 'can'} {what}", allowed(call) == may)
        finally:
            enforce(endpoint, False)


def enforce(endpoint, on):
    """moto checks permissions after a number of free requests: none, or more than ever come."""
    body = b"0" if on else b"inf"
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(f"{endpoint}/moto-api/reset-auth", data=body, headers=headers, method="POST")
    urllib.request.urlopen(request, timeout=30).read()


def findings(document):
    found = parliament.analyze_policy_string(json.dumps(document)).findings
    return {(finding.issue, str(finding.detail)) for finding in found}


def lint(files, report):
    for name, file in files.items():
        documents = {"policy": file["policy"]}
        if "trust" in file:
            # parliament reads policies of identities, which name a resource; a trust policy's resource is its role.
            statements = [{**statement, "Resource": file["arn"]} for statement in file["trust"]["Statement"]]
            documents["trust"] = {**file["trust"], "Statement": statements}
        for kind, document in documents.items():
            left = sorted(
                (issue, detail)
                for issue, detail in findings(document)
                if not any(issue == known and detail.startswith(begin) for known, begin in KNOWN_FINDINGS)
            )
            report.true(f"{name} {kind}: {'; '.join(f'{issue} {detail}' for issue, detail in left)}", not left)
    for action, resource in CONTROLS:
        statement = {"Effect": "Allow", "Action": action, "Resource": resource}
        seen = findings({"Version": "2012-10-17", "Statement": [statement]})
        report.true(f"parliament sees no fault in {action} on {resource}: its findings mean nothing", seen)


def main(endpoint, folder):
    files = {path.name: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.json"))}
    buckets = [file for name, file in files.items() if name.startswith("bucket-")]
    roles = [file for name, file in files.items() if name.startswith("role-")]
    report = Report()
    report.true(f"{folder} holds no bucket or no role", (buckets or endpoint == "lint") and roles)
    if endpoint != "lint":
        region = roles[0]["region"]
        s3, iam, sts = (boto3.client(n, endpoint_url=endpoint, region_name=region, **KEYS) for n in ("s3", "iam", "sts"))
        for bucket in buckets:
            apply_bucket(s3, bucket, report)
        for role in roles:
            apply_role(iam, role, report)
            check_association(role, report)
        report.same("buckets", [b["Name"] for b in s3.list_buckets()["Buckets"]], sorted(b["name"] for b in buckets))
        try_roles(endpoint, region, s3, sts, buckets, roles, report)
    lint(files, report)
    print(json.dumps({"checks": report.checks, "faults": report.faults}))


main(sys.argv[1], sys.argv[2])
